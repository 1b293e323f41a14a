import type { CatalogModel, CatalogVariant } from '../models/catalog.ts';
import type { EngineName } from '../models/engines.ts';
import type { DeviceFacts } from './device-facts.ts';
import type { Speed } from './speed.ts';

export const placedStages = ['vad', 'turn', 'stt', 'llm', 'tts'] as const;
export type PlacedStage = (typeof placedStages)[number];

export type Place = 'wasm' | 'webgpu' | 'server';

/**
 * `this-device`: the best that runs here, and nothing leaves the device. `fastest`: whatever answers soonest, a server
 * included. `smallest`: what takes the least memory, here.
 */
export const preferences = ['this-device', 'fastest', 'smallest'] as const;
export type Preference = (typeof preferences)[number];

/** What a person chose for a stage. */
export interface Choice {
  model: string;
  place: Place;
}

/** How far to hold back: a start that ended in a crash lowers it by one. */
export const tiers = ['full', 'no-gpu', 'smallest'] as const;
export type Tier = (typeof tiers)[number];

/** A stage that a server does. */
export interface ServerOffer {
  stage: PlacedStage;
  id: string;
  name: string;
  /** Until its first result arrives here, as the server tells; what was measured here counts for more. */
  delayMs: number;
}

export interface PlanInput {
  device: DeviceFacts;
  models: readonly CatalogModel[];
  /** Whether this page has a thread in which an engine carries out a stage. */
  canRun(stage: PlacedStage, engine: EngineName): boolean;
  /** Whether this device keeps the files of a candidate. */
  isStored(key: string): boolean;
  offers: readonly ServerOffer[];
  /** By the key of a candidate. */
  speeds: Readonly<Record<string, Speed>>;
  prefer: Preference;
  choices: Readonly<Partial<Record<PlacedStage, Choice>>>;
  /** BCP-47 primary tag of what is spoken. */
  language: string;
  tier: Tier;
}

/** A model and the form of it that is loaded. */
export interface Part {
  model: CatalogModel;
  variant: CatalogVariant;
}

/** One way to carry out a stage. */
export interface Candidate {
  /** The same in every plan, and the id of its download: "starter/chat wasm q8". */
  key: string;
  /** Id of the model; of two that work together, of the first. */
  model: string;
  /** As a person would name it. */
  name: string;
  place: Place;
  /** What is loaded for it: two models for turn-taking, none for what comes with the page or from a server. */
  parts: readonly Part[];
  /** Why it stands where it stands, in a sentence. */
  reason: string;
}

/** One that is not used, and why, in a sentence. */
export interface PassedOver {
  key: string;
  model: string;
  name: string;
  place: Place;
  /** The gravest. */
  reason: string;
  /** How many there are. */
  reasons: number;
  /** The person may choose it all the same. */
  possible: boolean;
}

export interface StagePlan {
  /** The first serves; the next takes over where it fails. */
  chain: readonly Candidate[];
  passedOver: readonly PassedOver[];
}

export type Plan = Readonly<Record<PlacedStage, StagePlan>>;
