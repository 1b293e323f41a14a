import type { Settings } from '../../core/settings/settings.ts';
import { RangeField } from './Fields.tsx';
import { usePage, useSettings } from './page-context.tsx';

const milliseconds = (value: number) => `${value} ms`;

export function ListeningSettings() {
  const { settings } = usePage();
  const { listening } = useSettings();
  const change = (patch: Partial<Settings['listening']>) =>
    settings.set({ listening: { ...listening, ...patch } });
  return (
    <>
      <RangeField
        label="Silence before the answer"
        value={listening.endpointMs}
        min={200}
        max={3000}
        step={100}
        format={milliseconds}
        note="Longer lets you pause to think; shorter answers sooner."
        onChange={(endpointMs) => change({ endpointMs })}
      />
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
