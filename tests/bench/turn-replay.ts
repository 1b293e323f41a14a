/** What is known of one soft pause of a turn, in milliseconds from the beginning of its recording. */
export interface HeardPause {
  /** End of the last speech frame. */
  speechEndMs: number;
  /** When the pause was noticed. */
  atMs: number;
  /** When it was noticed that the speaker goes on; undefined for the pause that is the end. */
  resumedAtMs: number | undefined;
}

/** A turn as the product heard it, and one detector's opinion of each of its pauses. */
export interface JudgedTurn {
  /** Acoustic end of the speech. */
  endMs: number;
  /** When the recording ends: nobody waits longer for a turn whose end was not heard. */
  lengthMs: number;
  pauses: readonly (HeardPause & { probability: number | undefined; workMs: number })[];
}

export interface Outcome {
  /** Share of the turns that were taken before the speaker had finished. */
  cutOffs: number;
  /** From the acoustic end of the speech until the turn is taken, as if nothing had cut it off before. */
  delaysMs: readonly number[];
}

/** Takes every turn after the silence that `wait` gives for a probability, in milliseconds since the speech ended. */
export function replay(
  turns: readonly JudgedTurn[],
  wait: (probability: number | undefined) => number,
): Outcome {
  let cut = 0;
  const delaysMs = turns.map(({ endMs, lengthMs, pauses }) => {
    let takenMs = lengthMs;
    let early = false;
    for (const { speechEndMs, atMs, resumedAtMs, probability, workMs } of pauses) {
      const dueMs = Math.max(atMs + workMs, speechEndMs + wait(probability));
      if (resumedAtMs === undefined) takenMs = dueMs;
      else if (dueMs < resumedAtMs) early = true;
    }
    if (early) cut += 1;
    return takenMs - endMs;
  });
  return { cutOffs: cut / turns.length, delaysMs };
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The outcome with the fewest cut-offs among those whose mean delay is within a budget. */
export function withinDelay(outcomes: readonly Outcome[], budgetMs: number): Outcome | undefined {
  const within = outcomes.filter(({ delaysMs }) => mean(delaysMs) <= budgetMs);
  return within.toSorted((a, b) => a.cutOffs - b.cutOffs)[0];
}

/** The quickest outcome among those that cut off no more than a share of the turns. */
export function withinCutOffs(outcomes: readonly Outcome[], share: number): Outcome | undefined {
  const within = outcomes.filter(({ cutOffs }) => cutOffs <= share);
  return within.toSorted((a, b) => mean(a.delaysMs) - mean(b.delaysMs))[0];
}
