import type { TurnTrace } from '../turn/trace.ts';
import type { PlacedStage } from './plan.ts';

/**
 * What each model added to a turn, in milliseconds, as far as its record tells: from the pause until the words were
 * settled, from the request until the first token, from the first clause until its first sound.
 */
export function delaysOf(trace: TurnTrace): Partial<Record<PlacedStage, number>> {
  const { pauseMs, transcriptMs, aheadMs, endpointMs, firstTokenMs, firstClauseMs, firstChunkMs } = trace;
  const spans = {
    stt: [pauseMs, transcriptMs],
    llm: [aheadMs ?? latest(endpointMs, transcriptMs), firstTokenMs],
    tts: [firstClauseMs, firstChunkMs],
  } as const;
  const delays: Partial<Record<PlacedStage, number>> = {};
  for (const stage of ['stt', 'llm', 'tts'] as const) {
    const [fromMs, toMs] = spans[stage];
    // What was ready before it was asked for says nothing of the model.
    if (fromMs !== undefined && toMs !== undefined && toMs > fromMs) delays[stage] = toMs - fromMs;
  }
  return delays;
}

function latest(...marks: readonly (number | undefined)[]): number | undefined {
  const known = marks.filter((ms) => ms !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
