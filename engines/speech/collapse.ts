import type { Written } from './greedy.ts';
import { bestToken } from './token-scores.ts';

/**
 * Reads the frames of a CTC model greedily: the best token of each, one for a run of the same, none for blanks. The
 * probability of a token is that of the frame which is surest of it.
 * @param scores [frames × vocabulary], logits or log probabilities
 */
export function collapse(scores: Float32Array, vocabulary: number, blank: number): Written {
  const allowed = new Uint8Array(vocabulary);
  const ids: number[] = [];
  const logProbabilities: number[] = [];
  let before = blank;
  for (let at = 0; at < scores.length; at += vocabulary) {
    const { id, logProbability } = bestToken(scores.subarray(at, at + vocabulary), allowed);
    if (id !== blank && id !== before) {
      ids.push(id);
      logProbabilities.push(logProbability);
    } else if (id !== blank) {
      logProbabilities.push(Math.max(logProbabilities.pop()!, logProbability));
    }
    before = id;
  }
  const sum = logProbabilities.reduce((total, each) => total + each, 0);
  return { ids, meanLogProbability: ids.length === 0 ? 0 : sum / ids.length };
}
