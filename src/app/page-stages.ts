import { toAppError } from '../../core/errors.ts';
import type { AppError } from '../../core/errors.ts';
import { variantBytes } from '../../core/models/catalog.ts';
import { runtimeOf } from '../../core/models/engines.ts';
import type { Candidate, PlacedStage } from '../../core/placement/plan.ts';
import { ruleDetectorInfo, sileroInfo } from '../../core/stages/built-in.ts';
import { chainedRecognizer, chainedResponder, chainedSynthesizer } from '../../core/stages/chained.ts';
import { createRuleTurnDetector } from '../../core/stages/rule-detector.ts';
import type { Recognizer, Responder, Stage, Synthesizer } from '../../core/stages/stage.ts';
import type { TurnDetector } from '../../core/stages/turn-detector.ts';
import type { VadClient } from '../audio/speech-source.ts';
import type { Placement } from '../placement/placement.ts';
import { runtimePaths } from '../runtime-paths.ts';
import type { SettingsStore } from '../state/settings-store.ts';
import type { ModelLoader } from './model-loader.ts';
import { createRecognizerChain, createResponderChain, createSynthesizerChain } from './stage-chain.ts';
import { createTurnThread, createVadThread } from './stages.ts';
import type { Threaded } from './stages.ts';

/** A thread that does not answer for this long hangs: longer than any step of the starter models. */
const PROBE_DEADLINE_MS = 5_000;

export interface PageStagesDeps {
  placement: Placement;
  settings: SettingsStore;
  loader: ModelLoader;
  /** An engine failed, and another took over. */
  onFailure(error: AppError): void;
}

/** The five stages of the page. Those that models carry out move when the plan changes, or when their engine fails. */
export interface PageStages {
  vad: Stage & VadClient;
  recognizer: Recognizer;
  responder: Responder;
  synthesizer: Synthesizer;
  /** By its models while they are ready, by rules at any other time. */
  turnDetector: TurnDetector;
  /** Learns what the device can do and places the models; to be awaited before loading. */
  prepare(): Promise<void>;
  /** The key of the candidate that serves each stage now. */
  serving(): Readonly<Partial<Record<PlacedStage, string>>>;
  /** Nobody is being answered: a changed plan may take effect. */
  betweenTurns(): void;
  /** Looks after threads that may hang: one that does not answer is ended and started again. */
  probe(): void;
}

export function createPageStages(given: PageStagesDeps): PageStages {
  const { placement, settings, loader } = given;
  const deps = { ...given, onFailure };
  const vad = createVadThread(() => loader.reload('vad'));
  loader.set('vad', { stage: vad.stage, info: sileroInfo, totalBytes: runtimePaths.bytes.silero });
  const rules = createRuleTurnDetector();
  const turn = placeTurnModels();
  const recognizer = createRecognizerChain(deps);
  const responder = createResponderChain(deps);
  const synthesizer = createSynthesizerChain(deps, () => settings.get().voice);
  let followed = placement.get();

  function onFailure(error: AppError): void {
    const { code } = toAppError(error.cause);
    if (code.startsWith('server.')) placement.serverFailed(code);
    given.onFailure(error);
  }

  function placeTurnModels(): Threaded<TurnDetector> | undefined {
    const [pair] = placement.get().plan.turn.chain;
    const [audio, text] = pair?.parts ?? [];
    if (pair === undefined || audio === undefined || text === undefined) {
      loader.set('turn', { stage: rules, info: ruleDetectorInfo, totalBytes: 0 });
      return undefined;
    }
    const thread = createTurnThread({ audio, text }, () => loader.reload('turn'));
    loader.set('turn', {
      stage: thread.stage,
      info: { model: pair.name, id: pair.model, runtime: runtimeOf(audio.model.engine), device: 'wasm' },
      totalBytes: bytesOf(pair),
    });
    return thread;
  }

  function detector(): TurnDetector {
    const { stages } = loader.status();
    const ready = stages.some(({ stage, state }) => stage === 'turn' && state === 'ready');
    return turn !== undefined && ready ? turn.stage : rules;
  }

  function follow(): void {
    const planned = placement.get();
    if (planned === followed) return;
    const afresh = planned.wish !== followed.wish;
    followed = planned;
    for (const each of [recognizer, responder, synthesizer]) each.follow(planned.plan, afresh);
  }

  return {
    vad: vad.stage,
    recognizer: chainedRecognizer(recognizer.chain),
    responder: chainedResponder(responder.chain),
    synthesizer: chainedSynthesizer(synthesizer.chain),
    turnDetector: {
      describe: () => detector().describe(),
      load: (onProgress, signal) => detector().load(onProgress, signal),
      dispose: () => detector().dispose(),
      judge: (pause, signal) => detector().judge(pause, signal),
    },
    async prepare() {
      await placement.prepare();
      follow();
    },
    serving: () => ({
      vad: sileroInfo.id,
      stt: recognizer.chain.serving().key,
      llm: responder.chain.serving().key,
      tts: synthesizer.chain.serving().key,
    }),
    betweenTurns: follow,
    probe() {
      for (const { chain } of [recognizer, responder, synthesizer]) chain.probe(PROBE_DEADLINE_MS);
      for (const thread of turn === undefined ? [vad] : [vad, turn]) void thread.probe(PROBE_DEADLINE_MS);
    },
  };
}

function bytesOf({ parts }: Candidate): number {
  return parts.reduce((sum, { variant }) => sum + (variantBytes(variant) ?? 0), 0);
}
