import { readFileSync } from 'node:fs';
import type { Pcm } from '../../core/audio/pcm.ts';
import { readWav } from './wav.ts';

const FOLDER = 'tests/fixtures/speech';

/** A recording of a voice that was never used in training. */
export interface Fixture {
  file: string;
  /** The words; empty for a noise. */
  text: string;
  voice: string | null;
  intent: string | null;
  pcm: Pcm;
}

const index = JSON.parse(readFileSync(`${FOLDER}/index.json`, 'utf8')) as Omit<Fixture, 'pcm'>[];

/** @throws Error for a name that is not in the index. */
export function fixture(name: string): Fixture {
  const entry = index.find(({ file }) => file === `${name}.wav`);
  if (entry === undefined) throw new Error(`no fixture ${name}`);
  return { ...entry, pcm: readWav(`${FOLDER}/${entry.file}`) };
}

export function fixturePath(name: string): string {
  return `${FOLDER}/${fixture(name).file}`;
}

/** The same sound, louder or softer. */
export function gain(pcm: Pcm, factor: number): Pcm {
  return { ...pcm, samples: pcm.samples.map((sample) => Math.max(-1, Math.min(1, sample * factor))) };
}
