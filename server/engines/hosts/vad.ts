import type { Configurable } from '../../../boundary/worker-bridge.ts';
import { untilAborted } from '../../../core/abortable.ts';
import type { Stage } from '../../../core/stages/stage.ts';
import { createSilero } from '../../../engines/silero.ts';
import type { Silero, SileroConfig } from '../../../engines/silero.ts';
import { hosted } from '../../../workers/hosted.ts';
import { endProcess, exposeToParent } from '../expose-to-parent.ts';
import { readFromDisk } from '../runtime-files.ts';

export type VadConfig = Omit<SileroConfig, 'read'>;

/** One model for all sessions; each has a memory of its own. */
export interface VadHost extends Stage, Configurable<VadConfig> {
  /** The probability of speech, 0…1, in each frame of 512 samples at 16 kHz, one after another. */
  score(frames: AsyncIterable<Float32Array>, signal: AbortSignal): AsyncIterable<number>;
}

const host = hosted<Silero, VadConfig>(
  (config) => createSilero({ ...config, read: readFromDisk }),
  endProcess,
);

async function* score(
  silero: Silero,
  frames: AsyncIterable<Float32Array>,
  signal: AbortSignal,
): AsyncGenerator<number> {
  const { probability } = silero.openScorer();
  for await (const frame of untilAborted(frames, signal)) yield await probability(frame);
}

const api: VadHost = {
  ...host.lifeCycle,
  score: (frames, signal) => host.stream(signal, (silero) => score(silero, frames, signal)),
};

exposeToParent(api);
