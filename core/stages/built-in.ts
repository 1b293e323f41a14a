import type { StageInfo } from './stage.ts';

/** The stages that every page has, known before they are loaded. */
export const sileroInfo: StageInfo = {
  model: 'Silero VAD',
  id: 'silero-vad',
  runtime: 'onnxruntime-web',
  device: 'wasm',
};

export const espeakInfo: StageInfo = {
  model: 'eSpeak NG',
  id: 'espeak-ng',
  runtime: 'eSpeak NG',
  device: 'wasm',
};

export const ruleDetectorInfo: StageInfo = {
  model: 'Rules',
  id: 'turn-rules',
  runtime: 'Parley',
  device: 'cpu',
};
