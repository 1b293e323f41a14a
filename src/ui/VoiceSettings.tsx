import type { Settings } from '../../core/settings/settings.ts';
import { RangeField, SelectField } from './Fields.tsx';
import { usePage, useSettings } from './page-context.tsx';

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
  const { conversation, settings } = usePage();
  const { language, voice } = useSettings();
  const voicesOf = (spoken: Settings['language']) =>
    conversation.voices.filter((option) => option.language === spoken);
  const chooseLanguage = (chosen: Settings['language']) => {
    const first = voicesOf(chosen)[0];
    settings.set({ language: chosen, voice: first ? { ...voice, id: first.id } : voice });
  };
  return (
    <>
      <SelectField label="Language" value={language} options={languageOptions} onChange={chooseLanguage} />
      <SelectField
        label="Voice"
        value={voice.id}
        options={voicesOf(language).map(({ id, name }) => ({ value: id, label: name }))}
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
