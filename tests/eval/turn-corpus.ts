import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureVoices } from './speak-heldout.ts';

/** A silence inside a turn, in seconds from the beginning of the file, and the true words that precede it. */
export interface TurnPause {
  startS: number;
  endS: number;
  textBefore: string;
}

export interface RecordedTurn {
  /** Path of a WAV file, 16 kHz mono. */
  file: string;
  voice: string;
  /** `clean`, or the kind of background 15 dB below the speech. */
  noise: string;
  /** What makes the speaker pause: see tools/starter-models/turn_texts.py. */
  kind: string;
  text: string;
  /** Acoustic, of at least 150 ms. */
  pauses: TurnPause[];
  /** First and last sound of the speech. At least 3 s of background follow. */
  startS: number;
  endS: number;
}

const scripts = join(import.meta.dirname, '../../tools/starter-models');

/** Voices never used in training, for figures; or training voices that no turn model learns from, for choosing constants. */
export type TurnVoices = 'held-out' | 'check';

/** How many turns of each there are. */
const TURNS: Record<TurnVoices, number> = { 'held-out': 520, check: 720 };

/**
 * Spoken turns with pauses, the same ones every time. They are made once and kept in the system's temporary folder, until
 * one of the scripts that make them changes.
 * @throws Error when a synthesiser or Python is missing.
 */
export function turnCorpus(voices: TurnVoices): RecordedTurn[] {
  const folder = join(tmpdir(), `parley-turns-${voices}-${fingerprint()}`);
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) make(folder, voices);
  const read = JSON.parse(readFileSync(manifest, 'utf8')) as { turns: RecordedTurn[] };
  return read.turns.map((turn) => ({ ...turn, file: join(folder, turn.file) }));
}

function make(folder: string, voices: TurnVoices): void {
  ensureVoices();
  // A corpus that was interrupted half-way must not be taken for a whole one.
  const unfinished = mkdtempSync(join(tmpdir(), 'parley-turns-'));
  const args = [join(scripts, 'turn_corpus.py'), unfinished, '--turns', String(TURNS[voices])];
  if (voices === 'check') args.push('--check');
  const { status, error } = spawnSync('/usr/bin/python3', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) {
    rmSync(unfinished, { recursive: true });
    throw error ?? new Error('The turns could not be spoken: apt-get install python3-numpy espeak-ng flite');
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
}

/** Changes with any script that has a part in the corpus. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const parts =
    /^(turn_(corpus|speech|texts)|domain.*|speech|spoken|noise_bank|features|voices)\.py$|^heldout_voices\.json$/u;
  for (const name of readdirSync(scripts).toSorted()) {
    if (parts.test(name)) hash.update(readFileSync(join(scripts, name)));
  }
  return hash.digest('hex').slice(0, 12);
}
