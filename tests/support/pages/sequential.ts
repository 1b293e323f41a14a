/**
 * What Parley is measured against in `npm run bench:voice -- --compare sequential`: the same models, threads and audio,
 * used the usual way. A fixed silence ends the turn; then recognition, answer and voice run one after another, each
 * when the one before is done.
 */
import '../../../core/no-eval.ts';
import { toMessages, type Exchange } from '../../../core/chat/history.ts';
import { systemPrompt } from '../../../core/chat/system-prompt.ts';
import { createChannel } from '../../../core/channel.ts';
import { parseCatalog } from '../../../core/models/catalog.ts';
import type { Pcm } from '../../../core/audio/pcm.ts';
import type { ChatMessage, ToolCall, UtterancePart } from '../../../core/stages/stage.ts';
import { createClauseSplitter } from '../../../core/text/clauses.ts';
import { everydayTools } from '../../../core/tools/everyday-tools.ts';
import { createTimers } from '../../../core/tools/timers.ts';
import { createToolbox } from '../../../core/tools/tool.ts';
import { canRun } from '../../../src/app/engine-threads.ts';
import { createModelLoader } from '../../../src/app/model-loader.ts';
import { createPageStages } from '../../../src/app/page-stages.ts';
import { createAudioSystem } from '../../../src/audio/audio-system.ts';
import { pageClock } from '../../../src/audio/page-clock.ts';
import { createPlayer } from '../../../src/audio/player.ts';
import { createSpeechSource } from '../../../src/audio/speech-source.ts';
import { loadListing } from '../../../src/models/load-listing.ts';
import { openTierStore } from '../../../src/placement/open-tier-store.ts';
import { createPlacement } from '../../../src/placement/placement.ts';
import { createSpeedStore } from '../../../src/placement/speed-store.ts';
import { createSettingsStore } from '../../../src/state/settings-store.ts';
import { allowOwnWorkers } from '../../../src/trusted-types.ts';

/** What voice assistants wait for at least, as their documentation has it. */
const SILENCE_MS = 700;
const MAX_ROUNDS = 4;

declare global {
  interface Window {
    /** The words of every turn taken, in order. */
    sequentialTurns: string[];
  }
}

allowOwnWorkers();
window.sequentialTurns = [];
const never = new AbortController().signal;
const settings = createSettingsStore(() => localStorage);
const audio = createAudioSystem();
const loader = createModelLoader((_name, error) => {
  throw error;
});
const placement = createPlacement({
  catalog: parseCatalog((await loadListing()).listing),
  settings,
  speeds: createSpeedStore(() => localStorage),
  tier: await openTierStore(),
  canRun,
  stored: { has: () => false, known: Promise.resolve(), subscribe: () => {} },
  server: Promise.resolve(undefined),
});
const stages = createPageStages({
  placement,
  settings,
  loader,
  onFailure(error) {
    throw error;
  },
});
const player = createPlayer(audio);
const source = createSpeechSource({
  audio,
  vad: stages.vad,
  choices: () => ({
    deviceId: '',
    listening: { ...settings.get().listening, minSilenceMs: SILENCE_MS, longestWaitMs: 4 * SILENCE_MS },
  }),
  onLevel: () => {},
  onOpen: () => {},
  onSilenced: () => {},
  onEcho: () => {},
});
const toolbox = createToolbox(everydayTools, {
  now: () => new Date(),
  language: () => 'en',
  timers: createTimers({ clock: pageClock, now: () => new Date(), onChange: () => {}, onRing: () => {} }),
});
const history: Exchange[] = [];
let turn = 0;

function show(state: string): void {
  const talk = document.querySelector<HTMLElement>('.talk')!;
  talk.dataset['state'] = state;
  talk.textContent = state;
}

async function recognise(parts: AsyncIterable<UtterancePart>): Promise<string> {
  let text = '';
  for await (const transcript of stages.recognizer.transcribe(parts, { language: 'en' }, never))
    text = transcript.text;
  return text;
}

async function answer(user: string): Promise<Exchange> {
  const steps: ChatMessage[] = [];
  for (let round = 0; ; round += 1) {
    const messages = toMessages([...history, { user, steps }]);
    const system = { role: 'system', content: systemPrompt({ language: 'en' }) } as const;
    const request = { messages: [system, ...messages], tools: toolbox.descriptions, maxTokens: 512 };
    const calls: ToolCall[] = [];
    let text = '';
    for await (const part of stages.responder.reply(request, never)) {
      if (part.type === 'text') text += part.text;
      else calls.push(part.call);
    }
    if (calls.length === 0 || round === MAX_ROUNDS)
      return { user, steps, answer: { text, heard: text, interrupted: false } };
    for (const call of calls) {
      steps.push({ role: 'assistant', content: '', toolCalls: [call] });
      steps.push({ role: 'tool', callId: call.id, name: call.name, content: await toolbox.run(call, never) });
    }
  }
}

async function say(text: string): Promise<void> {
  const splitter = createClauseSplitter({ language: 'en' });
  const speech = [...splitter.push(text), ...splitter.end()].map((clause) => clause.speech).join(' ');
  const chunks: Pcm[] = [];
  for await (const pcm of stages.synthesizer.speak(speech, settings.get().voice, never)) chunks.push(pcm);
  const whole = createChannel<Pcm>();
  for (const pcm of chunks) whole.push(pcm);
  whole.close();
  turn += 1;
  const ended = new AbortController();
  const events = player.events(ended.signal);
  player.enqueue({ turn, clause: 0, audio: whole });
  player.release(turn);
  for await (const event of events) {
    if (event.type === 'clip.started') show('speaking');
    if (event.type === 'clip.ended' || event.type === 'clip.failed') ended.abort();
  }
}

async function take(parts: AsyncIterable<UtterancePart>): Promise<void> {
  show('thinking');
  const text = await recognise(parts);
  if (text !== '') {
    window.sequentialTurns.push(text);
    const exchange = await answer(text);
    history.push(exchange);
    await say(exchange.answer?.text ?? '');
  }
  show('listening');
}

async function talk(): Promise<void> {
  await audio.open();
  await stages.prepare();
  await loader.load(['vad', 'stt', 'llm', 'tts']);
  const utterances = new Map<number, AsyncIterable<UtterancePart>>();
  let busy = false;
  const events = source.events(never);
  show('listening');
  for await (const event of events) {
    if (event.type === 'speech.started') {
      if (busy) source.close(event.utterance);
      else utterances.set(event.utterance, event.audio);
    }
    const parts = event.type === 'speech.paused' ? utterances.get(event.utterance) : undefined;
    if (parts === undefined || busy) continue;
    source.close(event.utterance);
    utterances.clear();
    busy = true;
    void take(parts).finally(() => {
      busy = false;
    });
  }
}

document.querySelector('button')!.addEventListener('click', () => void talk());
