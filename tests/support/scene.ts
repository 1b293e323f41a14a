import { createSession } from '../../core/session/session.ts';
import type { Session } from '../../core/session/session.ts';
import { defaultSettings } from '../../core/settings/settings.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { AppError } from '../../core/errors.ts';
import type { ReplyPart, ToolCall } from '../../core/stages/stage.ts';
import type { Toolbox } from '../../core/tools/tool.ts';
import type { TurnTrace } from '../../core/turn/trace.ts';
import {
  createScriptedRecognizer,
  createScriptedResponder,
  createScriptedSource,
  createScriptedSynthesizer,
  createScriptedTurnDetector,
  type Heard,
} from './scripted-stages.ts';
import { createScriptedPlayer } from './scripted-player.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** What a scene is made of; delays in milliseconds. */
export interface SceneScript {
  /** What is heard at each soft pause, in order. */
  texts?: (string | Heard | AppError)[];
  /** What is heard while the person still speaks, in order. */
  partials?: string[];
  /** What the model answers, in order; the last is repeated. */
  replies?: (ReplyPart | AppError | string)[][];
  /** The responder answers the sound of what is said. */
  hears?: boolean;
  /** What the turn detector says at each pause, in order; then nothing. */
  verdicts?: (number | AppError)[];
  sttMs?: number;
  firstTokenMs?: number;
  nextTokenMs?: number;
  firstChunkMs?: number;
  msPerCharacter?: number;
  settings?: Partial<Settings>;
}

export const toolCall = (name: string, id = `call-${name}`): ReplyPart & { type: 'toolCall' } => ({
  type: 'toolCall',
  call: { id, name, arguments: {} },
});

/** One session in virtual time with scripted stages, and helpers that read like a conversation. */
export function createScene(script: SceneScript = {}) {
  const clock = createVirtualClock();
  const source = createScriptedSource(clock);
  const player = createScriptedPlayer(clock);
  const texts = [...(script.texts ?? ['What time is it?'])];
  const verdicts = [...(script.verdicts ?? [])];
  const recognizer = createScriptedRecognizer(clock, {
    texts,
    partials: [...(script.partials ?? [])],
    delayMs: script.sttMs ?? 50,
  });
  const replies = [...(script.replies ?? [['It is noon.']])];
  const responder = createScriptedResponder(clock, {
    reply: () => (replies.length > 1 ? replies.shift() : replies[0]) ?? [],
    firstMs: script.firstTokenMs ?? 80,
    nextMs: script.nextTokenMs ?? 10,
    ...(script.hears !== undefined && { hears: script.hears }),
  });
  const synthesizer = createScriptedSynthesizer(clock, {
    firstMs: script.firstChunkMs ?? 40,
    msPerCharacter: script.msPerCharacter ?? 50,
  });
  const turnDetector = createScriptedTurnDetector(clock, {
    verdicts,
    delayMs: 10,
  });
  const toolCalls: ToolCall[] = [];
  const toolbox: Toolbox = {
    descriptions: [],
    hasSideEffect: (name) => name.startsWith('set_'),
    run: (call) => {
      toolCalls.push(call);
      return Promise.resolve('{"result":"done"}');
    },
  };
  const settings: Settings = { ...defaultSettings, ...script.settings };
  const session: Session = createSession(
    {
      clock,
      source,
      recognizer,
      responder,
      synthesizer,
      turnDetector,
      player,
      toolbox,
      systemPrompt: () => 'Be brief.',
    },
    settings,
  );
  const traces: TurnTrace[] = [];
  session.onTrace((trace) => traces.push(trace));
  let utterance = 0;

  /** Speaks for `ms` and falls silent up to the soft pause. */
  async function say(ms = 1000): Promise<number> {
    utterance += 1;
    source.started(utterance);
    await clock.advance(96);
    source.confirmed(utterance);
    await clock.advance(ms - 96 + 200);
    source.paused(utterance);
    await clock.settle();
    return utterance;
  }

  return {
    clock,
    source,
    player,
    responder,
    synthesizer,
    turnDetector,
    session,
    settings,
    toolCalls,
    traces,
    say,
    /** What will be heard at the next pause that nothing is scripted for, and how complete it sounds. */
    hears(text: string, verdict: number) {
      texts.push(text);
      verdicts.push(verdict);
    },
    /** The number the next utterance will have. */
    nextUtterance: () => (utterance += 1),
    async talk() {
      session.start();
      await clock.settle();
    },
    phase: () => session.view().phase,
    texts: () => session.view().messages.map(({ role, text }) => `${role}: ${text}`),
    lastAnswer: () => session.view().messages.findLast(({ role }) => role === 'assistant'),
  };
}
