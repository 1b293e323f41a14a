/** The best allowed token of a row of logits, with its log probability among all tokens. */
export interface BestToken {
  id: number;
  logProbability: number;
}

/** Greedy choice; `blocked` marks tokens that may not be chosen. */
export function bestToken(logits: Float32Array, blocked: Uint8Array): BestToken {
  let id = -1;
  for (let index = 0; index < logits.length; index++) {
    if (!blocked[index] && (id < 0 || logits[index]! > logits[id]!)) id = index;
  }
  return { id, logProbability: logits[id]! - logSumExp(logits) };
}

export function probability(logits: Float32Array, id: number): number {
  return Math.exp(logits[id]! - logSumExp(logits));
}

function logSumExp(logits: Float32Array): number {
  let highest = -Infinity;
  for (const value of logits) if (value > highest) highest = value;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - highest);
  return highest + Math.log(sum);
}
