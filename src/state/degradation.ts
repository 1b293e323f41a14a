import type { ModelsStatus, StageName } from './conversation.ts';

export interface Circumstances {
  /** The system or a switch on the device holds the microphone back. */
  silenced: boolean;
  /** The loudspeaker's context runs. */
  sounding: boolean;
  models: ModelsStatus;
}

/** What runs worse than it should while the microphone is open, in a sentence for the person. */
export function degradation({ silenced, sounding, models }: Circumstances): string | undefined {
  if (silenced) return 'The system holds the microphone back: unmute it on the device or in its settings.';
  if (!sounding) return 'The browser has paused the sound. Press anywhere, or any key, to go on.';
  const hasFailed = (name: StageName): boolean =>
    models.stages.some(({ stage, state }) => stage === name && state === 'failed');
  if (hasFailed('tts')) return 'The voice could not be loaded: answers are shown as text.';
  if (hasFailed('turn')) {
    return 'The models for turn-taking could not be loaded: Parley goes by silence and by simple rules.';
  }
  return undefined;
}
