import { AppError } from '../errors.ts';
import { mixToMono } from './mono.ts';
import { assertPcm } from './pcm.ts';
import type { Pcm } from './pcm.ts';

const PCM = 1;
const FLOAT = 3;
/** The real format is in the first two bytes of the GUID that follows. */
const EXTENSIBLE = 0xfffe;
const MAX_CHANNELS = 2;
const HEADER_BYTES = 44;
/** The size of sound whose end is not known yet, as streaming servers write it. */
const UNKNOWN_BYTES = 0xffff_ffff;

interface Format {
  code: number;
  channels: number;
  rateHz: number;
  bits: number;
}

type ReadSample = (view: DataView, at: number) => number;

const readers: Readonly<Record<string, ReadSample>> = {
  '1/8': (view, at) => (view.getUint8(at) - 128) / 128,
  '1/16': (view, at) => view.getInt16(at, true) / 32_768,
  '1/24': (view, at) => (view.getUint16(at, true) + (view.getInt8(at + 2) << 16)) / 8_388_608,
  '1/32': (view, at) => view.getInt32(at, true) / 2_147_483_648,
  '3/32': (view, at) => view.getFloat32(at, true),
  '3/64': (view, at) => view.getFloat64(at, true),
};

/**
 * Reads a WAV file of PCM or floating-point samples, one or two channels, which are mixed. A `data` chunk that promises
 * more than there is ends with the file.
 * @throws AppError `audio.invalid` for anything else, and as `assertPcm` does
 */
export function decodeWav(bytes: Uint8Array, maxSeconds: number): Pcm {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < HEADER_BYTES || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') {
    throw invalid('This is not a WAV file; send the recording as WAV.');
  }
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    const from = at + 8;
    if (tag(at) === 'fmt ' && from + 16 <= bytes.length) format = readFormat(view, from, size);
    if (tag(at) === 'data') {
      const end = Math.min(bytes.length, from + size);
      return readSamples(new DataView(view.buffer, view.byteOffset + from, end - from), format, maxSeconds);
    }
    at = from + size + (size % 2);
  }
  throw invalid('The WAV file holds no sound.');
}

function readFormat(view: DataView, at: number, size: number): Format {
  const named = view.getUint16(at, true);
  const hidden = named === EXTENSIBLE && size >= 40 && at + 26 <= view.byteLength;
  return {
    code: hidden ? view.getUint16(at + 24, true) : named,
    channels: view.getUint16(at + 2, true),
    rateHz: view.getUint32(at + 4, true),
    bits: view.getUint16(at + 14, true),
  };
}

function readSamples(data: DataView, format: Format | undefined, maxSeconds: number): Pcm {
  const read = format && readers[`${format.code}/${format.bits}`];
  if (!format || !read) {
    throw invalid(
      `This kind of WAV file cannot be read; send ${PCM} × 16-bit PCM or ${FLOAT} × 32-bit float samples.`,
    );
  }
  const { channels, rateHz, bits } = format;
  if (channels < 1 || channels > MAX_CHANNELS) {
    throw invalid(`The recording has ${channels} channels; send one or two.`);
  }
  const bytesEach = bits / 8;
  const count = Math.floor(data.byteLength / (bytesEach * channels));
  // Refused before memory is taken for it.
  if (count > maxSeconds * rateHz)
    throw invalid(`The recording is longer than ${maxSeconds} seconds; send it in parts.`);
  const separate = Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: count }, (_each, n) => read(data, (n * channels + channel) * bytesEach)),
  );
  const samples = new Float32Array(count);
  mixToMono(separate, samples);
  const pcm = { samples, rateHz };
  assertPcm(pcm, maxSeconds);
  return pcm;
}

/**
 * The header of a mono WAV file of 16-bit samples.
 * @param samples how many follow; undefined while nobody knows
 */
export function wavHeader(rateHz: number, samples?: number): Uint8Array<ArrayBuffer> {
  const bytes = samples === undefined ? UNKNOWN_BYTES : samples * 2;
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  const write = (at: number, text: string): void => {
    for (let index = 0; index < text.length; index++) view.setUint8(at + index, text.charCodeAt(index));
  };
  write(0, 'RIFF');
  view.setUint32(4, samples === undefined ? UNKNOWN_BYTES : 36 + bytes, true);
  write(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, 2 * rateHz, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  write(36, 'data');
  view.setUint32(40, bytes, true);
  return new Uint8Array(view.buffer);
}

/** Samples in −1…1 as 16-bit little-endian integers; what lies outside is clipped. */
export function encodePcm16(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(2 * samples.length));
  for (const [index, sample] of samples.entries()) {
    view.setInt16(2 * index, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true);
  }
  return new Uint8Array(view.buffer);
}

/** The reverse; an odd last byte is left out. */
export function decodePcm16(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Float32Array(bytes.length >> 1);
  for (let index = 0; index < samples.length; index++) {
    samples[index] = view.getInt16(2 * index, true) / 32_768;
  }
  return samples;
}

function invalid(message: string): AppError {
  return new AppError('audio.invalid', message);
}
