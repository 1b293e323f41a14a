import { useEffect, useState } from 'react';
import { formatCountdown } from '../state/format.ts';
import { CloseIcon, TimerIcon } from './icons.tsx';
import { usePage, useView } from './page-context.tsx';

export function Timers() {
  const { conversation } = usePage();
  const timers = useView().timers.filter((timer) => !timer.ringing);
  const now = useSeconds(timers.length > 0);
  if (timers.length === 0) return null;
  return (
    <ul className="timers" aria-label="Timers">
      {timers.map((timer) => (
        <li key={timer.id} className="timer">
          <TimerIcon />
          <span className="timer-label">{timer.label ?? 'Timer'}</span>
          <span className="timer-time" role="timer">
            {formatCountdown(timer.endsAt - now)}
          </span>
          <button
            type="button"
            className="icon-button"
            aria-label={`Cancel timer ${timer.label ?? ''}`.trim()}
            onClick={() => conversation.dismissTimer(timer.id)}
          >
            <CloseIcon />
          </button>
        </li>
      ))}
    </ul>
  );
}

function useSeconds(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return undefined;
    setNow(Date.now());
    const interval = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(interval);
  }, [running]);
  return now;
}
