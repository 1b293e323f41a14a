import { Controls } from './Controls.tsx';
import { LoadProgress } from './LoadProgress.tsx';
import { useRun } from './page-context.tsx';
import { TalkControl } from './TalkControl.tsx';
import { Timers } from './Timers.tsx';
import type { Control } from './use-control.ts';
import { WarningIcon } from './icons.tsx';
import './instrument.css';

export function Instrument({ control }: { control: Control }) {
  const { degraded } = useRun();
  return (
    <section className="instrument" aria-label="Talk">
      <TalkControl control={control} />
      <div className="instrument-words">
        <div id="talk-state">
          <p className="instrument-label">{control.label}</p>
          <p className="instrument-hint">{control.hint}</p>
        </div>
        {degraded !== undefined && (
          <p className="instrument-degraded">
            <WarningIcon />
            <span>Degraded: {degraded}</span>
          </p>
        )}
        <LoadProgress />
        <Controls control={control} />
      </div>
      <Timers />
    </section>
  );
}
