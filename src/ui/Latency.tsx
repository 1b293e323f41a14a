import { formatMs } from '../state/format.ts';
import { splitLatency } from '../state/latency.ts';
import { useView } from './page-context.tsx';
import './latency.css';

/** How long the last reply took to be heard, split by what the time went to. */
export default function Latency() {
  const { trace, ahead } = useView();
  const latency = trace && splitLatency(trace);
  if (latency === undefined) return null;
  const total = Math.max(1, latency.totalMs);
  return (
    <details className="latency">
      <summary>
        <span>Last reply after {formatMs(latency.totalMs)}</span>
        <span className="latency-bar" aria-hidden="true">
          {latency.parts.map(({ name, ms }) => (
            <span key={name} className="latency-part" data-part={name} style={{ flexGrow: ms / total }} />
          ))}
        </span>
      </summary>
      <dl className="latency-list">
        {latency.parts.map(({ name, label, ms }) => (
          <div key={name} className="latency-row">
            <dt>
              <span className="latency-key" data-part={name} />
              {label}
            </dt>
            <dd>{formatMs(ms)}</dd>
          </div>
        ))}
      </dl>
      {ahead.kept > 0 && (
        <p className="latency-ahead">
          Answers begun while you paused: {ahead.started}, of which {ahead.kept} could be used. They saved{' '}
          {formatMs(ahead.savedMs)} in all.
        </p>
      )}
    </details>
  );
}
