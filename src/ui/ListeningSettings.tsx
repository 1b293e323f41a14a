import type { Settings } from '../../core/settings/settings.ts';
import { CheckField, RadioField, RangeField } from './Fields.tsx';
import { usePage, useSettings } from './page-context.tsx';

const milliseconds = (value: number) => `${value} ms`;

export function ListeningSettings() {
  const { settings } = usePage();
  const { listening, stillThere } = useSettings();
  const change = (patch: Partial<Settings['listening']>) =>
    settings.set({ listening: { ...listening, ...patch } });
  return (
    <>
      <RadioField
        label="When you pause"
        value={listening.pace}
        options={[
          { value: 'patient', label: 'Patient', note: 'Gives you time to think before it answers.' },
          { value: 'balanced', label: 'Balanced', note: 'Answers as soon as you seem to have finished.' },
          { value: 'quick', label: 'Quick', note: 'Answers at once, and now and then too soon.' },
        ]}
        onChange={(pace) => change({ pace })}
      />
      <CheckField
        checked={stillThere}
        onChange={(wished) => settings.set({ stillThere: wished })}
        note="Once, after a minute in which nobody spoke."
      >
        Ask whether I am still there
      </CheckField>
      <details className="advanced">
        <summary>Advanced</summary>
        <RangeField
          label="Speech threshold"
          value={listening.threshold}
          min={0.1}
          max={0.95}
          step={0.05}
          format={(value) => `${Math.round(value * 100)} %`}
          note="How sure it must be that a sound is speech. Raise it in noisy rooms."
          onChange={(threshold) => change({ threshold })}
        />
        <RangeField
          label="Soft pause"
          value={listening.minSilenceMs}
          min={100}
          max={1000}
          step={50}
          format={milliseconds}
          note="Silence after which work on the answer begins ahead of time."
          onChange={(minSilenceMs) => change({ minSilenceMs })}
        />
        <RangeField
          label="Shortest speech"
          value={listening.minSpeechMs}
          min={32}
          max={500}
          step={4}
          format={milliseconds}
          note="Anything shorter counts as a click or a cough."
          onChange={(minSpeechMs) => change({ minSpeechMs })}
        />
      </details>
    </>
  );
}
