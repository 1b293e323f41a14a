import { readFileSync } from 'node:fs';
import type { Pcm } from '../../core/audio/pcm.ts';

/** Reads a mono 16-bit PCM WAV file. @throws Error for any other format. */
export function readWav(path: string): Pcm {
  const bytes = readFileSync(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => bytes.toString('latin1', at, at + 4);
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error(`${path} is not a WAV file`);
  let rateHz = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    if (tag(at) === 'fmt ') {
      const [format, channels, bits] = [
        view.getUint16(at + 8, true),
        view.getUint16(at + 10, true),
        view.getUint16(at + 22, true),
      ];
      if (format !== 1 || channels !== 1 || bits !== 16) throw new Error(`${path} is not mono 16-bit PCM`);
      rateHz = view.getUint32(at + 12, true);
    }
    if (tag(at) === 'data') {
      const samples = new Float32Array(Math.min(size, bytes.length - at - 8) >> 1);
      for (let index = 0; index < samples.length; index += 1) {
        samples[index] = view.getInt16(at + 8 + 2 * index, true) / 32_768;
      }
      return { samples, rateHz };
    }
    at += 8 + size + (size % 2);
  }
  throw new Error(`${path} holds no sound`);
}

/** Writes mono 16-bit PCM. */
export function encodeWav({ samples, rateHz }: Pcm): Buffer {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt32LE(2 * rateHz, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, index) => {
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 44 + 2 * index);
  });
  return bytes;
}

/** Start and end of what is louder than `threshold` (−40 dB of full scale), in seconds. */
export function soundBounds({ samples, rateHz }: Pcm, threshold = 0.01): { startS: number; endS: number } {
  const start = samples.findIndex((sample) => Math.abs(sample) > threshold);
  const end = samples.findLastIndex((sample) => Math.abs(sample) > threshold);
  return { startS: Math.max(0, start) / rateHz, endS: (end + 1) / rateHz };
}
