import {
  AutoConfig,
  AutoTokenizer,
  SupertonicForConditionalGeneration,
  Tensor,
  type PretrainedConfig,
} from '@huggingface/transformers';
import { z } from 'zod';
import type { Pcm } from '../../core/audio/pcm.ts';
import type { OnProgress } from '../../core/stages/stage.ts';
import type { EngineConfig } from '../engine-config.ts';
import { openEspeak } from '../espeak-runtime.ts';
import type { EspeakConfig } from '../espeak-runtime.ts';
import { corruptFile } from '../load-failure.ts';
import { spokenTest, TEST_SENTENCE } from '../spoken-test/spoken-test.ts';
import { toSound } from '../to-sound.ts';
import {
  openModel,
  readModelFile,
  TOKENIZER_FILES,
  type ModelOpener,
  type Opened,
} from '../transformers-env.ts';

/** Its graphs, by the names that transformers.js gives to their sessions. */
const PARTS = ['text_encoder', 'latent_denoiser', 'voice_decoder'] as const;
/** Steps of denoising, and the speed that is its own: the values of its model card. */
const STEPS = 5;
const OWN_SPEED = 1.05;
const SOME_VOICE = 'F1';

const shapeSchema = z.object({ sampling_rate: z.int().positive(), style_dim: z.int().positive() });

export interface OpenSupertonic {
  /** The style of a voice, fetched when it first speaks. @throws AppError `model.missing`, `model.corrupt`, `aborted`. */
  style(voice: string, signal: AbortSignal): Promise<Float32Array>;
  /** One sentence. @throws AppError `engine.failed` where what comes out is no sound. */
  speak(sentence: string, language: string, style: Float32Array, speed: number): Promise<Pcm>;
}

/** @throws AppError as `openModel`, and as `spokenTest` on a GPU. */
export function openSupertonic(
  config: EngineConfig,
  espeak: EspeakConfig,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Opened<OpenSupertonic>> {
  return openModel(config, onProgress, signal, async (opener) => {
    const tokenizer = await opener.step(TOKENIZER_FILES, () => AutoTokenizer.from_pretrained(opener.path));
    const settings = await opener.step('config.json', () => AutoConfig.from_pretrained(opener.path));
    const shape = shapeSchema.safeParse(settings);
    if (!shape.success) throw corruptFile(config, 'config.json', shape.error);
    const { sampling_rate: rateHz, style_dim: styleSize } = shape.data;
    const model = await openParts(opener, settings);
    const styles = new Map<string, Float32Array>();

    const opened: OpenSupertonic = {
      async style(voice, stopped) {
        const style =
          styles.get(voice) ??
          readStyle(await readModelFile(config, `voices/${voice}.bin`, () => {}, stopped), voice);
        styles.set(voice, style);
        return style;
      },
      async speak(sentence, language, style, speed) {
        const { input_ids, attention_mask } = tokenizer(`<${language}>${sentence}</${language}>`);
        const { waveform, durations } = await model.generate_speech({
          input_ids,
          attention_mask,
          style: new Tensor('float32', style, [1, style.length / styleSize, styleSize]),
          num_inference_steps: STEPS,
          speed: OWN_SPEED * speed,
        });
        // What follows the spoken part is filling.
        return { samples: toSound(waveform.data.subarray(0, Math.ceil(durations.data[0]))), rateHz };
      },
    };

    function readStyle(bytes: Uint8Array, voice: string): Float32Array {
      const isWhole = bytes.byteLength > 0 && bytes.byteLength % (4 * styleSize) === 0;
      if (!isWhole) throw corruptFile(config, `voices/${voice}.bin`);
      return new Float32Array(bytes.slice().buffer);
    }

    await opener.step('first run', async () => {
      const say = async (): Promise<Pcm> =>
        opened.speak(TEST_SENTENCE, 'en', await opened.style(SOME_VOICE, signal), 1);
      if (config.device === 'webgpu') {
        await spokenTest(say, await openEspeak(espeak, () => {}, signal), config.device, signal);
      } else await say();
    });
    return opened;
  });
}

/** Opens the graphs one by one, so that a damaged file can be named. */
async function openParts(
  opener: ModelOpener,
  config: PretrainedConfig,
): Promise<SupertonicForConditionalGeneration> {
  const sessions: Record<string, unknown> = {};
  for (const part of PARTS) sessions[part] = await opener.openGraph(part, config);
  return new SupertonicForConditionalGeneration(config, sessions, {});
}
