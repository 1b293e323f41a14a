import { decodePcm16 } from '../../core/audio/wav.ts';
import { concatSamples } from '../../core/audio/pcm.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import { clientEvent } from '../../core/protocol/realtime.ts';
import type { ClientEvent, NewItem } from '../../core/protocol/realtime.ts';
import { WIRE_RATE_HZ } from '../../core/protocol/speech.ts';
import type { SpeechEvent } from '../../core/stages/speech-source.ts';
import { MAX_TYPED_CHARACTERS } from '../../core/turn/reduce-control.ts';
import type { CallerStages } from '../engines/engines.ts';
import { processClock } from './clock.ts';
import { createConversation } from './conversation.ts';
import { createItems, messageItem } from './items.ts';
import { newId } from './link.ts';
import type { Link } from './link.ts';
import { createListening } from './listening.ts';
import { createResponses } from './responses.ts';
import { describeSession, initialConfig, onlyListens, settingsOf, updateConfig } from './session-config.ts';
import type { SessionConfig } from './session-config.ts';
import { createSocketSource } from './socket-source.ts';
import { createSpokenItems } from './spoken-items.ts';

/** Sound of one turn that the client bounds itself. */
const MAX_TURN_SECONDS = 600;

export interface RealtimeSessionDeps {
  link: Link;
  stages: CallerStages;
  model: string;
  type: SessionConfig['type'];
}

/** One client's conversation, from its first event to its last. */
export interface RealtimeSession {
  /** Takes what the client sent: text, as it came. */
  receive(text: string): void;
  dispose(): void;
}

export function createRealtimeSession({ link, stages, model, type }: RealtimeSessionDeps): RealtimeSession {
  const id = newId('sess');
  const life = new AbortController();
  let config = initialConfig(type);
  /** Sound of the turn that the client bounds itself. */
  let unbounded: Float32Array[] = [];
  let unboundedSamples = 0;
  /** What waits to be answered at the client's word. */
  let unanswered: string[] = [];
  let following: AbortController | undefined;

  const items = createItems(link);
  const spokenItems = createSpokenItems(link, items, () => config.transcription !== undefined);
  const responses = createResponses(link, items, newId('conv'), () => config.modality);
  const source = createSocketSource({
    scoreFrames: stages.scoreFrames,
    nowMs: () => processClock.nowMs(),
    listening: () => ({ ...settingsOf(config).listening, ...longestWait(config) }),
    onEvent: tellSpeech,
  });
  const conversation = createConversation(
    {
      clock: processClock,
      stages,
      source,
      spokenItems,
      responses,
      onError: (code, message) => complain(code, message),
    },
    config,
  );
  const listening = createListening({
    source,
    recognizer: stages.recognizer,
    spokenItems,
    options: () => ({ language: settingsOf(config).language }),
    onWords: (text) => void unanswered.push(text),
  });

  function tellSpeech(event: SpeechEvent, positionMs: number): void {
    const { speechPadMs, minSpeechMs, minSilenceMs } = settingsOf(config).listening;
    if (event.type === 'speech.confirmed') spokenItems.started(positionMs - minSpeechMs - speechPadMs);
    else if (event.type === 'speech.paused') spokenItems.paused(positionMs - minSilenceMs);
  }

  function complain(
    code: string,
    message: string,
    eventId: string | null = null,
    param: string | null = null,
  ): void {
    const error = { type: 'invalid_request_error', code, message, param, event_id: eventId };
    link.send({ type: 'error', error });
  }

  function configure(): void {
    following?.abort();
    following = undefined;
    conversation.configure(config);
    if (!onlyListens(config) || config.turnDetection === undefined) return;
    following = new AbortController();
    const signal = AbortSignal.any([following.signal, life.signal]);
    listening.follow(signal).catch((error: unknown) => {
      const { code, message } = toAppError(error);
      if (!signal.aborted) complain(code, message);
    });
  }

  function append(audio: string): void {
    const samples = decodePcm16(Buffer.from(audio, 'base64'));
    if (config.turnDetection !== undefined) return source.append(samples);
    unboundedSamples += samples.length;
    if (unboundedSamples > MAX_TURN_SECONDS * WIRE_RATE_HZ) {
      throw new AppError('input.invalid', 'The turn is longer than ten minutes; commit or clear it.');
    }
    unbounded.push(samples);
  }

  function takeUnbounded(): Float32Array {
    const samples = concatSamples(unbounded);
    unbounded = [];
    unboundedSamples = 0;
    return samples;
  }

  function createItem(given: NewItem): void {
    const itemId = given.id ?? newId('item');
    if (items.find(itemId)) throw new AppError('input.invalid', 'There is an item with this id already.');
    if (given.type === 'function_call_output') {
      if (!conversation.keepResult(given.call_id, given.output)) {
        throw new AppError('input.invalid', 'Nobody waits for the result of this call.');
      }
      const item = { ...given, id: itemId, object: 'realtime.item', status: 'completed' };
      items.add(item);
      return items.finish(item);
    }
    const text = given.content.map((part) => part.text).join('\n');
    if (given.role === 'user') unanswered.push(text);
    else config = { ...config, instructions: `${config.instructions}\n${text}`.trim() };
    const item = messageItem(given.role, given.content, 'completed', itemId);
    items.add(item);
    items.finish(item);
    if (given.role === 'system') configure();
  }

  function createResponse(): void {
    if (config.type === 'transcription')
      throw new AppError('input.invalid', 'This session only writes down.');
    if (conversation.goOn()) return;
    if (responses.isOpen())
      throw new AppError('input.invalid', 'A response is being given; cancel it first.');
    const text = unanswered.join(' ');
    unanswered = [];
    if (text === '') throw new AppError('input.invalid', 'There is nothing to answer yet.');
    if (text.length > MAX_TYPED_CHARACTERS) {
      throw new AppError(
        'input.invalid',
        `That is too long; keep it under ${MAX_TYPED_CHARACTERS} characters.`,
      );
    }
    conversation.answer(text);
  }

  function commit(): void {
    if (config.turnDetection !== undefined) {
      throw new AppError(
        'input.invalid',
        'The server finds the turns itself; set turn_detection to null to commit.',
      );
    }
    if (unboundedSamples < WIRE_RATE_HZ / 10) {
      throw new AppError('input.invalid', 'The buffer holds less than 100 ms of sound.');
    }
    void listening.takeTurn(takeUnbounded(), life.signal);
  }

  function obey(event: ClientEvent): void {
    switch (event.type) {
      case 'session.update':
        if (event.session.type !== config.type) {
          throw new AppError(
            'input.invalid',
            `This is a ${config.type} session; open another for the other kind.`,
          );
        }
        config = updateConfig(config, event.session);
        configure();
        return link.send({ type: 'session.updated', session: describeSession(id, model, config) });
      case 'input_audio_buffer.append':
        return append(event.audio);
      case 'input_audio_buffer.commit':
        return commit();
      case 'input_audio_buffer.clear':
        source.clear();
        takeUnbounded();
        return link.send({ type: 'input_audio_buffer.cleared' });
      case 'conversation.item.create':
        return createItem(event.item);
      case 'conversation.item.retrieve': {
        const item = items.find(event.item_id);
        if (item === undefined) throw new AppError('input.invalid', 'There is no item with this id.');
        return link.send({ type: 'conversation.item.retrieved', item });
      }
      case 'conversation.item.truncate': {
        const { item_id, content_index, audio_end_ms } = event;
        if (items.find(item_id) === undefined)
          throw new AppError('input.invalid', 'There is no item with this id.');
        if (responses.openItemId() === item_id) conversation.truncate(audio_end_ms);
        return link.send({ type: 'conversation.item.truncated', item_id, content_index, audio_end_ms });
      }
      case 'response.create':
        return createResponse();
      case 'response.cancel':
        if (!responses.isOpen()) throw new AppError('input.invalid', 'There is no response to cancel.');
        return conversation.cancel();
    }
  }

  // Whoever opens a session is about to speak; a stage that does not load says so when it is called.
  const { recognizer, responder, synthesizer, turnDetector } = stages;
  const needed = type === 'transcription' ? [recognizer] : [recognizer, turnDetector, responder, synthesizer];
  for (const stage of needed) void stage.load(() => {}, life.signal).catch(() => {});

  link.send({ type: 'session.created', session: describeSession(id, model, config) });
  configure();

  return {
    receive(text) {
      const parsed = clientEvent.safeParse(parseJson(text));
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const param = issue?.path.join('.') ?? '';
        return complain(
          'invalid_event',
          `${param || 'The event'}: ${issue?.message ?? 'does not fit'}`,
          null,
          param || null,
        );
      }
      try {
        obey(parsed.data);
      } catch (error) {
        const { code, message } = toAppError(error);
        complain(code, message, parsed.data.event_id ?? null);
      }
    },
    dispose() {
      life.abort();
      following?.abort();
      conversation.dispose();
    },
  };
}

/** Where nothing is answered, a silence of fixed length ends a turn. */
function longestWait(config: SessionConfig): { longestWaitMs?: number } {
  if (!onlyListens(config)) return {};
  const detection = config.turnDetection;
  return { longestWaitMs: (detection?.type === 'server_vad' && detection.silence_duration_ms) || 500 };
}

/** What is no JSON fits no event. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
