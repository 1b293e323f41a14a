import { exposeHost } from '../boundary/host.ts';
import type { Hosted } from '../boundary/remote-stages.ts';
import type { Recognizer } from '../core/stages/stage.ts';
import type { EngineConfig } from '../engines/engine-config.ts';
import { countGpuMemory } from '../engines/gpu-memory.ts';
import { hosted } from './hosted.ts';
import { createRecognizer } from './recognisers.ts';

export interface SttHost extends Hosted<Recognizer, EngineConfig> {
  /** Bytes of GPU memory held beyond those after the first utterance, when model and runtime have what they need. */
  gpuGrowthBytes(): number;
}

const gpuBytes = countGpuMemory();
const host = hosted<Recognizer, EngineConfig>(createRecognizer);
let neededBytes: number | undefined;

const api: SttHost = {
  ...host.lifeCycle,
  async *transcribe(audio, options, signal) {
    try {
      yield* host.stream(signal, (recognizer) => recognizer.transcribe(audio, options, signal));
    } finally {
      neededBytes ??= gpuBytes();
    }
  },
  gpuGrowthBytes: () => gpuBytes() - (neededBytes ?? gpuBytes()),
};

exposeHost(api);
