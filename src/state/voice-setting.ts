import type { Settings } from '../../core/settings/settings.ts';
import { spokenVoice, voicesIn } from '../../core/settings/voices.ts';
import type { VoiceEngine } from '../../core/settings/voices.ts';
import type { PlacementView } from './conversation.ts';
import type { ChoiceOption } from './plan.ts';
import { servingOf } from './serving.ts';

/** What the voice setting shows. */
export interface VoiceSetting {
  /** The voice that speaks, which need not be the one that was stored; '' where none can. */
  value: string;
  options: readonly ChoiceOption[];
  /** Whose voices these are, as the plan names it. */
  engine: string;
}

/** The voices of the engine that serves, in the person's language, and which of them speaks. */
export function voiceSetting(
  view: PlacementView,
  { language, voice }: Pick<Settings, 'language' | 'voice'>,
): VoiceSetting {
  const serving = servingOf(view, 'tts')?.candidate;
  const engine = engineOf(serving?.parts[0]?.model.engine);
  const offered = voicesIn(engine, language);
  const spoken = spokenVoice(engine, voice.id);
  const value = spoken?.id ?? '';
  const options = offered.map(({ id, name }) => ({ value: id, label: name }));
  // A voice of another language stays in sight: it is the one that speaks.
  if (!offered.some(({ id }) => id === value))
    options.unshift({ value, label: spoken?.name ?? 'Choose a voice' });
  return { value, options, engine: serving?.name ?? '' };
}

function engineOf(name: string | undefined): VoiceEngine {
  return name === 'kokoro' || name === 'supertonic' ? name : 'espeak';
}
