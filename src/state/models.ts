import type { StageInfo } from '../../core/stages/stage.ts';
import type { ModelsStatus, StageName, StageStatus } from './conversation.ts';

export const stageLabels: Record<StageName, string> = {
  vad: 'Speech detection',
  turn: 'Turn-taking',
  stt: 'Recognition',
  llm: 'Answers',
  tts: 'Voice',
};

const shortDeviceLabels: Record<StageInfo['device'], string> = {
  wasm: 'wasm',
  webgpu: 'WebGPU',
  cpu: 'the processor',
  remote: 'the server',
};

const deviceLabels: Record<StageInfo['device'], string> = {
  wasm: 'the processor (wasm)',
  webgpu: 'the graphics chip (WebGPU)',
  cpu: 'the processor',
  remote: 'the server',
};

export function describeDevice(device: StageInfo['device']): string {
  return deviceLabels[device];
}

export interface LoadSummary {
  loadedBytes: number;
  totalBytes: number;
  /** 0…1; 0 while no size is known. */
  fraction: number;
  loading: boolean;
  failed: boolean;
}

/** All stages together. Bytes never exceed their total, whatever a server claims. */
export function summariseModels(models: ModelsStatus): LoadSummary {
  let loadedBytes = 0;
  let totalBytes = 0;
  for (const stage of models.stages) {
    totalBytes += stage.totalBytes;
    loadedBytes += stage.state === 'ready' ? stage.totalBytes : Math.min(stage.loadedBytes, stage.totalBytes);
  }
  return {
    loadedBytes,
    totalBytes,
    fraction: totalBytes === 0 ? 0 : loadedBytes / totalBytes,
    loading: models.stages.some((stage) => stage.state === 'loading'),
    failed: models.stages.some((stage) => stage.state === 'failed'),
  };
}

/** Progress of one stage, 0…1. */
export function stageFraction(stage: StageStatus): number {
  if (stage.state === 'ready') return 1;
  return stage.totalBytes === 0 ? 0 : Math.min(1, stage.loadedBytes / stage.totalBytes);
}

/** Whether the answers come from the small models that ship with Parley. */
export function usesStarterModels(models: ModelsStatus): boolean {
  return models.stages.some((stage) => stage.info?.id.startsWith('starter/'));
}

/** One line of small print: "Starter models on wasm: everyday phrases only". */
export function describeRunning(models: ModelsStatus): string | undefined {
  const devices = new Set(
    models.stages.flatMap(({ info }) => (info ? [shortDeviceLabels[info.device]] : [])),
  );
  if (devices.size === 0) return undefined;
  const where = [...devices].join(' and ');
  return usesStarterModels(models)
    ? `Starter models on ${where}: everyday phrases only`
    : `Models on ${where}`;
}
