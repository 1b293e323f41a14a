/** Candidates where the model sets no limit: what lies beyond has no weight worth the sorting. */
const MAX_CANDIDATES = 256;

/** What a model's generation_config.json asks for; everything else is greedy. */
export interface SamplingOptions {
  do_sample?: boolean;
  temperature?: number;
  top_k?: number;
  top_p?: number;
  repetition_penalty?: number;
}

/** Picks the next token from logits; `previous` are the tokens before it. */
export type Sampler = (logits: Float32Array, previous: readonly number[]) => number;

/** The most probable token, unless the model's own configuration asks for sampling. `random` gives 0…1. */
export function createSampler(options: SamplingOptions, random: () => number = Math.random): Sampler {
  const penalty = options.repetition_penalty ?? 1;
  const temperature = options.temperature ?? 1;
  const samples = options.do_sample === true && temperature > 0;
  return (logits, previous) => {
    const scores = penalty === 1 ? logits : penalize(logits, previous, penalty);
    return samples
      ? draw(scores, temperature, options.top_k ?? 50, options.top_p ?? 1, random)
      : argmax(scores);
  };
}

export function argmax(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index;
  return best;
}

function penalize(logits: Float32Array, previous: readonly number[], penalty: number): Float32Array {
  const scores = logits.slice();
  for (const id of new Set(previous)) {
    const score = scores[id]!;
    scores[id] = score > 0 ? score / penalty : score * penalty;
  }
  return scores;
}

function draw(
  scores: Float32Array,
  temperature: number,
  topK: number,
  topP: number,
  random: () => number,
): number {
  const candidates = highestFirst(scores, topK > 0 ? topK : MAX_CANDIDATES);
  const highest = scores[candidates[0]!]!;
  const weights = candidates.map((id) => Math.exp((scores[id]! - highest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let nucleus = 0;
  let mass = 0;
  while (nucleus < weights.length && mass < topP * total) mass += weights[nucleus++]!;
  let point = random() * mass;
  for (let index = 0; index < nucleus; index++) {
    point -= weights[index]!;
    if (point <= 0) return candidates[index]!;
  }
  return candidates[0]!;
}

/** Indices of the `count` highest scores, without sorting the whole vocabulary. */
function highestFirst(scores: Float32Array, count: number): number[] {
  const best: number[] = [];
  for (let id = 0; id < scores.length; id++) {
    if (best.length === count && scores[id]! <= scores[best[count - 1]!]!) continue;
    let place = best.length;
    while (place > 0 && scores[best[place - 1]!]! < scores[id]!) place--;
    best.splice(place, 0, id);
    if (best.length > count) best.pop();
  }
  return best;
}
