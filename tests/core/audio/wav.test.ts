import { describe, expect, it } from 'vitest';
import { decodePcm16, decodeWav, encodePcm16, wavHeader } from '../../../core/audio/wav.ts';
import { encodeWav } from '../../support/wav.ts';

const sine = Float32Array.from({ length: 1600 }, (_, n) => 0.5 * Math.sin(n / 5));

interface Shape {
  code?: number;
  channels?: number;
  rateHz?: number;
  bits?: number;
}

/** A WAV file with any header, over `data`. */
function wavOf(data: Uint8Array, { code = 1, channels = 1, rateHz = 16_000, bits = 16 }: Shape): Uint8Array {
  const bytes = Buffer.concat([wavHeader(rateHz, data.length / 2), data]);
  bytes.writeUInt16LE(code, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt16LE(bits, 34);
  return bytes;
}

function largestError(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((sample, index) => Math.abs(sample - b[index]!)));
}

describe('a WAV file', () => {
  it('is read as it was written', () => {
    const { samples, rateHz } = decodeWav(encodeWav({ samples: sine, rateHz: 22_050 }), 60);
    expect(rateHz).toBe(22_050);
    expect(largestError(samples, sine)).toBeLessThan(1 / 16_000);
  });

  it('may hold 24-bit, 32-bit, 8-bit or floating-point samples', () => {
    const view = new DataView(new ArrayBuffer(8 * sine.length));
    const check = (shape: Shape, bytesEach: number, tolerance: number): void => {
      const data = new Uint8Array(view.buffer, 0, bytesEach * sine.length);
      expect(largestError(decodeWav(wavOf(data, shape), 60).samples, sine)).toBeLessThan(tolerance);
    };
    sine.forEach((sample, n) => view.setFloat32(4 * n, sample, true));
    check({ code: 3, bits: 32 }, 4, 1e-9);
    sine.forEach((sample, n) => view.setFloat64(8 * n, sample, true));
    check({ code: 3, bits: 64 }, 8, 1e-9);
    sine.forEach((sample, n) => view.setInt32(4 * n, Math.round(sample * 2 ** 31), true));
    check({ bits: 32 }, 4, 1e-6);
    sine.forEach((sample, n) => {
      const value = Math.round(sample * 2 ** 23);
      view.setUint16(3 * n, value & 0xffff, true);
      view.setInt8(3 * n + 2, value >> 16);
    });
    check({ bits: 24 }, 3, 1e-6);
    sine.forEach((sample, n) => view.setUint8(n, Math.round(sample * 128) + 128));
    check({ bits: 8 }, 1, 1 / 100);
  });

  it('of two channels is mixed', () => {
    const stereo = encodePcm16(Float32Array.of(0.5, -0.5, 0.25, 0.25));
    const { samples } = decodeWav(wavOf(stereo, { channels: 2 }), 60);
    expect(largestError(samples, Float32Array.of(0, 0.25))).toBeLessThan(1e-4);
  });

  it('may promise more than it holds, as one does that is streamed', () => {
    const streamed = Buffer.concat([wavHeader(24_000), encodePcm16(sine)]);
    expect(decodeWav(streamed, 60).samples.length).toBe(sine.length);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a header alone', wavHeader(16_000, 0).slice(0, 20)],
    ['text', Buffer.from('x'.repeat(100))],
    ['eight channels', wavOf(encodePcm16(sine), { channels: 8 })],
    ['no channel', wavOf(encodePcm16(sine), { channels: 0 })],
    ['0 Hz', wavOf(encodePcm16(sine), { rateHz: 0 })],
    ['4 GHz', wavOf(encodePcm16(sine), { rateHz: 4_000_000_000 })],
    ['7 bits', wavOf(encodePcm16(sine), { bits: 7 })],
    ['A-law', wavOf(encodePcm16(sine), { code: 6, bits: 8 })],
    ['NaN', wavOf(new Uint8Array(new Float32Array(100).fill(Number.NaN).buffer), { code: 3, bits: 32 })],
    ['infinity', wavOf(new Uint8Array(new Float32Array(100).fill(Infinity).buffer), { code: 3, bits: 32 })],
    ['more than is allowed', encodeWav({ samples: new Float32Array(16_000 * 61), rateHz: 16_000 })],
  ])('is refused with %s', (_name, bytes) => {
    expect(() => decodeWav(bytes, 60)).toThrow(expect.objectContaining({ code: 'audio.invalid' }));
  });
});

it('samples become integers and back, what is too loud being clipped', () => {
  expect(largestError(decodePcm16(encodePcm16(sine)), sine)).toBeLessThan(1 / 16_000);
  expect(decodePcm16(encodePcm16(Float32Array.of(3, -3)))).toEqual(
    Float32Array.of(32_767 / 32_768, -32_767 / 32_768),
  );
  expect(decodePcm16(Uint8Array.of(0, 64, 7))).toEqual(Float32Array.of(0.5));
});
