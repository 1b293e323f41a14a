import type { Settings } from '../../core/settings/settings.ts';
import { voicesIn } from '../../core/settings/voices.ts';
import { voiceSetting } from '../state/voice-setting.ts';
import { RangeField, SelectField } from './Fields.tsx';
import { usePage, usePlacement, useSettings } from './page-context.tsx';

const languageNames: Record<Settings['language'], string> = {
  en: 'English',
  es: 'Español',
  fr: 'Français',
  pt: 'Português',
  hi: 'हिन्दी',
  de: 'Deutsch',
  nl: 'Nederlands',
  it: 'Italiano',
};

const languageOptions = (Object.keys(languageNames) as Settings['language'][]).map((value) => ({
  value,
  label: languageNames[value],
}));

export function VoiceSettings() {
  const { settings } = usePage();
  const { language, voice } = useSettings();
  const { value, options, engine } = voiceSetting(usePlacement(), { language, voice });
  // eSpeak's ids name a language and region, and every engine finds its own voice for these: the one that serves may be
  // another as soon as the language is.
  const chooseLanguage = (chosen: Settings['language']) => {
    const id = voicesIn('espeak', chosen)[0]?.id ?? voice.id;
    settings.set({ language: chosen, voice: { ...voice, id } });
  };
  return (
    <>
      <SelectField label="Language" value={language} options={languageOptions} onChange={chooseLanguage} />
      <SelectField
        label="Voice"
        value={value}
        options={options}
        note={`These are voices of ${engine}.`}
        onChange={(id) => settings.set({ voice: { ...voice, id } })}
      />
      <RangeField
        label="Speed"
        value={voice.speed}
        min={0.5}
        max={2}
        step={0.05}
        format={(speed) => `${speed.toFixed(2)}×`}
        onChange={(speed) => settings.set({ voice: { ...voice, speed } })}
      />
    </>
  );
}
