/** Longest phrase, in tokens, that is looked for as the body of a loop. */
const MAX_PERIOD = 12;
/** A phrase said this often in a row is a loop: nobody says "no no no no no no" to an assistant. */
const MIN_REPEATS = 5;
/** Short phrases must fill at least this many tokens, so that "1 1 1 1 1" in a number may pass. */
const MIN_TOKENS = 10;

/**
 * Finds whether a token sequence ends in a loop, the way Whisper fails on noise.
 * @returns where the loop starts and the length of its body, or `undefined`.
 */
export function findLoop(ids: readonly number[]): { start: number; period: number } | undefined {
  for (let period = 1; period <= MAX_PERIOD && period * 2 <= ids.length; period++) {
    let run = 0;
    while (run < ids.length - period && ids[ids.length - 1 - run] === ids[ids.length - 1 - run - period])
      run++;
    const covered = run + period;
    if (covered >= period * MIN_REPEATS && covered >= MIN_TOKENS)
      return { start: ids.length - covered, period };
  }
  return undefined;
}
