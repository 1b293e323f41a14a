import { AutoConfig, WhisperFeatureExtractor } from '@huggingface/transformers';
import { assertPcm, SPEECH_RATE_HZ, type Pcm } from '../core/audio/pcm.ts';
import { createResampler } from '../core/audio/resampler.ts';
import { throwIfAborted, toAppError } from '../core/errors.ts';
import type { ReplyRequest, SpeechResponder } from '../core/stages/stage.ts';
import {
  chatText,
  openChatTokenizer,
  type ChatModel,
  type GenerationSettings,
  type TextSettings,
} from './causal-lm/chat-model.ts';
import { createChatResponder } from './causal-lm/chat-responder.ts';
import type { ChatTokenizer } from './causal-lm/chat-prompt.ts';
import type { EngineConfig } from './engine-config.ts';
import type { Pace } from './pace.ts';
import { padded } from './speech/pad.ts';
import { openHearing, type Hearing } from './speech-llm/hearing.ts';
import type { ModelOpener } from './transformers-env.ts';

/** What the encoder, Whisper's, looks at in one run. */
const WINDOW_SAMPLES = 30 * SPEECH_RATE_HZ;
/** Longest turn, in seconds: its sound must leave room for the conversation in the model's memory. */
const MAX_TURN_SECONDS = 120;
/** Stands in a message for what was said. A character of the private use area: no template and no tokenizer has it. */
const SOUND = '\uE000';

/**
 * Ultravox: a language model that hears. It answers what was said in the last message that has audio, without a
 * transcript, and remembers the conversation by the texts of the other messages. Audio of any rate from 8 to 192 kHz.
 */
export const createUltravox = (config: EngineConfig, pace?: Pace): SpeechResponder => ({
  ...createChatResponder(config, openUltravox, pace),
  hears: true,
});

async function openUltravox(opener: ModelOpener): Promise<ChatModel> {
  const { path, signal } = opener;
  const config = await opener.step('config.json', () => AutoConfig.from_pretrained(path));
  const generation = await openGeneration(opener);
  const extractor = await opener.step('preprocessor_config.json', () =>
    WhisperFeatureExtractor.from_pretrained(path),
  );
  const text = await openChatTokenizer(opener);
  const hearing = await openHearing(opener, config);
  const ears = createEars(hearing, async (samples) => {
    const { input_features: features } = await extractor._call(samples, { max_length: samples.length });
    return { features: features.data as Float32Array, bands: features.dims[1]! };
  });
  const { text_config: settings } = config as unknown as { text_config: TextSettings };
  const model: ChatModel = {
    ...chatText({ ...text, chat: ears.listening(text.chat) }, generation, settings),
    decoder: hearing.decoder,
    hear: ears.hear,
  };
  await opener.step('first run', async () => {
    const ids = await ears.encode(new Float32Array(SPEECH_RATE_HZ), signal);
    await hearing.decoder.next([0, ...ids, 0], signal);
  });
  return model;
}

/** Not every repository has one; then config.json says all. */
async function openGeneration(opener: ModelOpener): Promise<GenerationSettings> {
  try {
    return await opener.readJson<GenerationSettings>('generation_config.json');
  } catch (error) {
    if (toAppError(error).code === 'model.missing') return {};
    throw error;
  }
}

/** Puts the sound of a request into its prompt. */
interface Ears {
  hear(request: ReplyRequest, signal: AbortSignal): Promise<ReplyRequest>;
  encode(samples: Float32Array, signal: AbortSignal): Promise<number[]>;
  /** A tokenizer that knows the sound heard last. */
  listening(chat: ChatTokenizer): ChatTokenizer;
}

function createEars(
  hearing: Hearing,
  extract: (samples: Float32Array) => Promise<{ features: Float32Array; bands: number }>,
): Ears {
  let heard: { samples: Float32Array; ids: number[] } = { samples: new Float32Array(), ids: [] };

  async function encode(samples: Float32Array, signal: AbortSignal): Promise<number[]> {
    const ids: number[] = [];
    try {
      for (let start = 0; start < samples.length; start += WINDOW_SAMPLES) {
        throwIfAborted(signal);
        const { features, bands } = await extract(padded(samples.slice(start, start + WINDOW_SAMPLES)));
        ids.push(...(await hearing.hear(features, bands)));
      }
      return ids;
    } catch (error) {
      hearing.forget(ids);
      throw error;
    }
  }

  return {
    encode,
    async hear(request, signal) {
      const at = request.messages.findLastIndex((message) => message.role === 'user' && message.audio);
      const message = request.messages[at];
      if (message?.role !== 'user' || message.audio === undefined) return request;
      const samples = toSpeechRate(message.audio);
      if (!isSame(samples, heard.samples)) {
        hearing.forget(heard.ids);
        heard = { samples: new Float32Array(), ids: [] };
        heard = { samples, ids: await encode(samples, signal) };
      }
      const messages = request.messages.with(at, { role: 'user', content: SOUND });
      return { ...request, messages };
    },
    listening: (chat) => ({
      render: chat.render,
      encode(text) {
        const [before = '', ...behind] = text.split(SOUND);
        if (behind.length === 0) return chat.encode(text);
        return [...chat.encode(before), ...heard.ids, ...chat.encode(behind.join(''))];
      },
    }),
  };
}

function toSpeechRate(pcm: Pcm): Float32Array {
  assertPcm(pcm, MAX_TURN_SECONDS);
  return pcm.rateHz === SPEECH_RATE_HZ
    ? pcm.samples
    : createResampler(pcm.rateHz, SPEECH_RATE_HZ).push(pcm.samples);
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((sample, index) => sample === b[index]);
}
