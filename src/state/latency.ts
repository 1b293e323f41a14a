import type { TurnTrace } from '../../core/turn/trace.ts';

export interface LatencyPart {
  name: 'wait' | 'recognition' | 'token' | 'sound';
  label: string;
  ms: number;
}

export interface Latency {
  /** From the end of speech (or the sent text) to the first audible sample; the parts add up to it. */
  totalMs: number;
  parts: LatencyPart[];
}

const steps = [
  { name: 'wait', label: 'Silence wait', mark: 'endpointMs' },
  { name: 'recognition', label: 'Recognition', mark: 'transcriptMs' },
  { name: 'token', label: 'First word', mark: 'firstTokenMs' },
  { name: 'sound', label: 'First sound', mark: 'firstAudibleMs' },
] as const;

/**
 * Splits the delay of a turn along the path the person waited on. Work done ahead of the endpoint counts as 0: it hid
 * behind the silence wait. A turn with no sound yet, or none of speech or text to start from, has no latency.
 */
export function splitLatency(trace: TurnTrace): Latency | undefined {
  const startMs = trace.speechEndMs ?? trace.endpointMs ?? trace.transcriptMs;
  if (startMs === undefined || trace.firstAudibleMs === undefined) return undefined;
  const endMs = Math.max(startMs, trace.firstAudibleMs);
  const spoken = trace.speechEndMs !== undefined;
  const parts: LatencyPart[] = [];
  let reachedMs = startMs;
  for (const { name, label, mark } of steps) {
    if (!spoken && (name === 'wait' || name === 'recognition')) continue;
    const untilMs = Math.min(endMs, Math.max(reachedMs, trace[mark] ?? reachedMs));
    parts.push({ name, label, ms: untilMs - reachedMs });
    reachedMs = untilMs;
  }
  return { totalMs: endMs - startMs, parts };
}
