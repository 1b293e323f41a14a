import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import { defaultSettings } from '../../../core/settings/settings.ts';
import type { Fact, TurnEvent } from '../../../core/turn/events.ts';
import { reduce } from '../../../core/turn/reducer.ts';
import { heardSoFar } from '../../../core/turn/reply-steps.ts';
import { activeReply, initialState } from '../../../core/turn/state.ts';
import type { TurnState } from '../../../core/turn/state.ts';
import { createRandom } from '../../support/random.ts';
import type { Random } from '../../support/random.ts';
import { createWorld } from '../../support/simulated-world.ts';

const SEQUENCES = 10_000;
const STEPS = 60;

/** A source may be late with word of an utterance, never wrong about the one that is open. */
function otherUtterance(id: number, { phase }: TurnState): number {
  const open = phase.name === 'hearing' || phase.name === 'deciding' ? phase.utterance.id : -1;
  return id === open ? 1000 : id;
}

/** What a person does, and what should never arrive but may. */
function personOrChaos(random: Random, state: TurnState): Fact {
  const { settings } = state;
  const turn = random.below(state.turn + 3);
  const utterance = otherUtterance(random.below(8), state);
  const facts: Fact[] = [
    { type: 'talk.started' },
    { type: 'talk.ended' },
    { type: 'stop.requested' },
    { type: 'mute.changed', muted: random.chance(0.5) },
    { type: 'key.changed', down: random.chance(0.5) },
    { type: 'text.submitted', text: random.pick(['Hello', '', 'What time is it?']) },
    { type: 'settings.changed', settings: { ...settings, captionsOnly: random.chance(0.3) } },
    { type: 'settings.changed', settings: { ...settings, microphoneId: random.pick(['', 'headset']) } },
    { type: 'microphone.failed', error: new AppError('mic.lost', 'Unplugged.') },
    { type: 'speech.misfire', utterance },
    { type: 'speech.resumed', utterance, speechMs: 0 },
    { type: 'turn.judged', utterance: 1000 + utterance, pauses: 1, probability: 0.99, final: true },
    { type: 'speech.ended', utterance, speechMs: 0 },
    { type: 'transcript.updated', utterance: 1000 + utterance, text: 'late', pauses: 9 },
  ];
  if (turn !== state.turn && turn !== state.cut?.turn) {
    facts.push(
      { type: 'reply.delta', turn, text: 'stale' },
      { type: 'reply.ended', turn },
      { type: 'clip.ended', turn, clause: 0, durationMs: 100 },
      { type: 'clip.progress', turn, clause: 0, playedMs: 50 },
    );
  }
  return random.pick(facts);
}

function play(seed: number): void {
  const random = createRandom(seed);
  const settings = {
    ...defaultSettings,
    talkMode: random.chance(0.2) ? ('hold' as const) : ('open' as const),
    stillThere: random.chance(0.2),
  };
  const world = createWorld(random);
  let state = initialState(settings);

  function apply(fact: Fact): void {
    if (fact.type === 'microphone.failed') world.loseMicrophone();
    const event: TurnEvent = { ...fact, atMs: world.nowMs() };
    const before = state;
    const heardBefore = world.heard(before.turn);
    const captions = before.settings.captionsOnly;
    const { state: after, effects } = reduce(before, event);
    state = after;
    for (const effect of effects) world.perform(effect);
    expect(world.violations).toEqual([]);
    if (after.history.length > before.history.length && !captions && !after.settings.captionsOnly) {
      checkHistory(before, after, heardBefore);
    }
  }

  /** What entered the history is what the loudspeaker played; a finished answer was played whole. */
  function checkHistory(before: TurnState, after: TurnState, heardBefore: string): void {
    const reply = activeReply(before);
    const answer = after.history.at(-1)?.answer;
    if (reply === undefined || answer === undefined) return;
    if (reply.clauses.some((clause) => clause.state === 'shown' && clause.speech !== '')) return;
    if (answer.interrupted) expect(answer.heard).toBe(heardBefore);
    else expect(answer.heard).toBe(answer.text);
  }

  apply({ type: 'talk.started' });
  for (let count = 0; count < STEPS; count += 1) {
    const fact = random.chance(0.06) ? personOrChaos(random, state) : world.next();
    if (fact !== undefined) apply(fact);
    const { started, kept, wasted, savedMs } = state.ahead;
    const running = state.phase.name === 'deciding' && state.phase.reply !== undefined ? 1 : 0;
    expect(kept + wasted + running).toBe(started);
    expect(savedMs).toBeGreaterThanOrEqual(0);
    const reply = activeReply(state);
    if (reply !== undefined) expect(reply.text.trim().startsWith(heardSoFar(reply).slice(0, 5))).toBe(true);
  }

  // Left alone, every state ends: whoever speaks falls silent, and what the waits give up on is given up.
  for (let fact = world.fallSilent(); fact !== undefined; fact = world.fallSilent()) apply(fact);
  for (let count = 0; count < 6; count += 1) {
    for (const wait of ['endpoint', 'progress', 'silence'] as const) {
      const fact = world.elapse(wait);
      if (fact !== undefined) apply(fact);
    }
  }
  expect(['idle', 'listening']).toContain(state.phase.name);

  apply({ type: 'stop.requested' });
  apply({ type: 'talk.started' });
  expect(state.phase.name).toBe('listening');
}

describe('the reducer, in a world played by dice', () => {
  const base = Number(process.env['FUZZ_SEED'] ?? 20_261_120);

  it(`[TURN-12] keeps its promises in ${SEQUENCES} conversations (seed ${base})`, () => {
    for (let seed = base; seed < base + SEQUENCES; seed += 1) {
      try {
        play(seed);
      } catch (error) {
        throw new Error(`FUZZ_SEED=${seed}: ${(error as Error).message}`, { cause: error });
      }
    }
  });
});
