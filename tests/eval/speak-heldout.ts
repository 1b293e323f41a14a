import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pcm } from '../../core/audio/pcm.ts';
import { readWav } from '../support/wav.ts';

export interface HeldoutVoice {
  engine: 'flite' | 'espeak';
  voice: string;
  /** eSpeak only: words per minute, and pitch 0…99. */
  speed?: number;
  pitch?: number;
}

/** Installs eSpeak NG and Flite where they are missing. @throws Error that says how to install them by hand. */
export function ensureVoices(): void {
  const missing = [
    ['espeak-ng', '--version'],
    ['flite', '-lv'],
  ].filter(([command = '', ...args]) => spawnSync(command, args).error !== undefined);
  if (missing.length === 0) return;
  const names = missing.map(([name]) => name ?? '');
  const install = spawnSync('apt-get', ['install', '-y', ...names], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (install.status === 0) return;
  throw new Error(`The evaluation speaks with ${names.join(' and ')}: apt-get install ${names.join(' ')}`);
}

/** Says a sentence with a voice of the operating system. */
export function speakHeldout(text: string, voice: HeldoutVoice): Pcm {
  const folder = mkdtempSync(join(tmpdir(), 'parley-eval-'));
  const file = join(folder, 'speech.wav');
  try {
    const args =
      voice.engine === 'flite'
        ? ['-voice', voice.voice, '-t', text, '-o', file]
        : ['-v', voice.voice, '-s', String(voice.speed), '-p', String(voice.pitch), '-w', file, text];
    const { status, stderr } = spawnSync(voice.engine === 'flite' ? 'flite' : 'espeak-ng', args);
    if (status !== 0) throw new Error(`${voice.engine} ${voice.voice} failed: ${String(stderr)}`);
    return readWav(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
