import { corruptFile } from '../load-failure.ts';
import type { NamedModel } from '../load-failure.ts';

/** Numbers in one style. */
export const STYLE_SIZE = 256;
/** Styles in a voice, one for each number of phonemes. */
const STYLES = 510;

/** Where the file of a voice lies in the model's folder. */
export function voicePath(voice: string): string {
  return `voices/${voice}.bin`;
}

/** The styles in the file of a voice, [510 × 256]. @throws AppError `model.corrupt` where the file has another size. */
export function readStyles(bytes: Uint8Array, voice: string, model: NamedModel): Float32Array {
  const styles = new Float32Array(STYLES * STYLE_SIZE);
  if (bytes.byteLength !== styles.byteLength) throw corruptFile(model, voicePath(voice));
  new Uint8Array(styles.buffer).set(bytes);
  return styles;
}

/** The style for this many tokens, the two at the edges included. */
export function styleFor(styles: Float32Array, tokens: number): Float32Array {
  const row = Math.min(STYLES - 1, Math.max(0, tokens - 2));
  return styles.slice(row * STYLE_SIZE, (row + 1) * STYLE_SIZE);
}
