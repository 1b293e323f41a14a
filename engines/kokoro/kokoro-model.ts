import { AutoConfig, StyleTextToSpeech2Model } from '@huggingface/transformers';
import { disposeTensors, floatTensor, int64Tensor, toFloats } from '../onnx-session.ts';
import { toSound } from '../to-sound.ts';
import type { ModelOpener } from '../transformers-env.ts';
import { STYLE_SIZE, styleFor } from './voice-styles.ts';

export const KOKORO_RATE_HZ = 24_000;

export interface KokoroModel {
  /**
   * Speaks one chunk: audio at 24 kHz in −1…1.
   * @param ids tokens with the edges, at most 512
   * @param styles a voice, [510 × 256]
   * @throws AppError `engine.failed` where what comes out is no sound.
   */
  speak(ids: readonly number[], styles: Float32Array, speed: number): Promise<Float32Array>;
}

/** Opens the one graph of Kokoro: `input_ids` [1, n], `style` [1, 256] and `speed` [1] to `waveform`. */
export async function openKokoroModel(opener: ModelOpener): Promise<KokoroModel> {
  const { path } = opener;
  const config = await opener.step('config.json', () => AutoConfig.from_pretrained(path));
  const model = await opener.step(opener.onnxFile('model'), () =>
    StyleTextToSpeech2Model.from_pretrained(path, { ...opener.graphOptions('model', config), config }),
  );
  const session = opener.adopt(model);
  return {
    async speak(ids, styles, speed) {
      const outputs = await session.run({
        input_ids: int64Tensor(ids, [1, ids.length]),
        style: floatTensor('float32', styleFor(styles, ids.length), [1, STYLE_SIZE]),
        speed: floatTensor('float32', Float32Array.of(speed), [1]),
      });
      try {
        return toSound(toFloats(outputs['waveform'] ?? Object.values(outputs)[0]!));
      } finally {
        disposeTensors(outputs);
      }
    },
  };
}
