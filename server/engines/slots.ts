import type { Resident } from './residency.ts';

/** What the server tells of a model that shares the card. */
export interface ModelStatus {
  name: string;
  sizeMb: number;
  state: 'absent' | 'loading' | 'resident';
  /** Calls that it serves now. */
  users: number;
}

/** A model and where it is. */
export interface Slot extends Pick<ModelStatus, 'state' | 'users'> {
  resident: Resident;
  /** Grows with each use. */
  usedAt: number;
}

/** The models of one card, and which of them make room for another. */
export interface Slots {
  get(name: string): Slot;
  /** It is in use now. */
  touch(slot: Slot): void;
  residentMb(): number;
  /** All others that are there. */
  besides(slot: Slot): Slot[];
  /** Those that have to go so that `slot` fits: the ones used longest ago, and no more than needed. */
  victimsFor(slot: Slot, budgetMb: number): Slot[];
  status(): ModelStatus[];
}

export function createSlots(residents: readonly Resident[]): Slots {
  const slots = new Map<string, Slot>(
    residents.map((resident) => [resident.name, { resident, state: 'absent', users: 0, usedAt: 0 }]),
  );
  let uses = 0;

  const present = (): Slot[] => [...slots.values()].filter(({ state }) => state !== 'absent');
  const totalMb = (some: readonly Slot[]): number =>
    some.reduce((sum, { resident }) => sum + resident.sizeMb, 0);
  const besides = (slot: Slot): Slot[] => present().filter((other) => other !== slot);

  return {
    get(name) {
      const slot = slots.get(name);
      if (slot === undefined) throw new Error(`No model is called ${name}`);
      return slot;
    },
    touch(slot) {
      uses += 1;
      slot.usedAt = uses;
    },
    residentMb: () => totalMb(present()),
    besides,
    victimsFor(slot, budgetMb) {
      const inUse = ({ users }: Slot): number => (users > 0 ? 1 : 0);
      const oldestFirst = besides(slot).toSorted((a, b) => inUse(a) - inUse(b) || a.usedAt - b.usedAt);
      const missingMb = slot.resident.sizeMb - (budgetMb - totalMb(oldestFirst));
      const victims: Slot[] = [];
      for (const other of oldestFirst) {
        if (totalMb(victims) >= missingMb) break;
        victims.push(other);
      }
      // What is left over lets some of them stay after all, those used last before others.
      let spareMb = totalMb(victims) - missingMb;
      return victims
        .toReversed()
        .filter(({ resident: { sizeMb } }) => {
          const stays = sizeMb <= spareMb;
          if (stays) spareMb -= sizeMb;
          return !stays;
        })
        .toReversed();
    },
    status: () =>
      [...slots.values()].map(({ resident, state, users }) => ({
        name: resident.name,
        sizeMb: resident.sizeMb,
        state,
        users,
      })),
  };
}
