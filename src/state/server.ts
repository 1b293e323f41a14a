import type { AppError, ErrorCode } from '../../core/errors.ts';
import type { PlacedStage, ServerOffer } from '../../core/placement/plan.ts';
import type { Running } from '../../core/stages/first-that-works.ts';
import type { Recognizer, Responder, Stage, StageInfo, Synthesizer } from '../../core/stages/stage.ts';
import type { Observable, PlacementView } from './conversation.ts';
import { stageLabels } from './models.ts';
import { servingOf } from './serving.ts';

/** What is known of the server that the page came from, where that has models of its own. */
export interface ServerView {
  /** `denied`: it has refused the key. `unreachable`: it is looked for again and again. */
  state: 'looking' | 'found' | 'wants-key' | 'denied' | 'unreachable';
  /** There and back, where it was found. */
  roundTripMs?: number;
  offers: readonly ServerOffer[];
}

/** Starts a stage on the server; `onDeath` hears that the thread that talks to it died by itself. */
type StartOnServer<S extends Stage> = (info: StageInfo, onDeath: (error: AppError) => void) => Running<S>;

export interface ServerStages {
  stt: StartOnServer<Recognizer>;
  llm: StartOnServer<Responder>;
  tts: StartOnServer<Synthesizer>;
}

export interface ServerLink extends Observable<ServerView> {
  /** Resolves when the server has answered, or has not for a while. */
  known: Promise<void>;
  stages: ServerStages;
  /** A stage on the server failed: it offers nothing until it is found again. */
  failed(code: ErrorCode): void;
  /** Looks for it now. */
  lookAgain(): void;
}

/** What stays here, in a few words: the promise of the page, or the stages that are not kept by it now. */
export function describePrivacy(view: PlacementView): string {
  const away = serverStages(view).map((stage) => stageLabels[stage].toLowerCase());
  if (away.length === 0) return 'Everything stays on this device';
  return `On the server: ${new Intl.ListFormat('en').format(away)}`;
}

export function serverStages(view: PlacementView): PlacedStage[] {
  return (['stt', 'llm', 'tts'] as const).filter(
    (stage) => servingOf(view, stage)?.candidate.place === 'server',
  );
}
