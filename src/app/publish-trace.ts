import type { EchoState } from '../state/conversation.ts';
import type { TurnTrace } from '../../core/turn/trace.ts';

/** Name of the User Timing entry of each turn, for developer tools and benchmarks. */
export const TURN_MEASURE = 'parley:turn';

/** Puts the record of a turn on the browser's performance timeline; only the latest stays in its buffer. */
export function publishTrace(trace: TurnTrace): void {
  const marks = [trace.speechEndMs, trace.pauseMs, trace.firstTokenMs].filter((ms) => ms !== undefined);
  const start = Math.max(
    0,
    Math.min(...marks, performance.timeOrigin + performance.now()) - performance.timeOrigin,
  );
  performance.clearMeasures(TURN_MEASURE);
  performance.measure(TURN_MEASURE, { start, end: performance.now(), detail: trace });
}

/** Leaves what is known of the echo in the browser's timeline, beside the turns. */
export function publishEcho(echo: EchoState | undefined): void {
  performance.mark('parley:echo', { detail: echo });
}
