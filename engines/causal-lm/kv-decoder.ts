import { throwIfAborted } from '../../core/errors.ts';
import {
  advancePast,
  disposeTensors,
  emptyPast,
  floatTensor,
  int64Tensor,
  toFloats,
  type OnnxSession,
  type OnnxTensor,
  type TensorData,
  type Tensors,
} from '../onnx-session.ts';

/** Tokens fed in one run, so that a long prompt can be interrupted: about the work of a few generated tokens. */
const CHUNK_TOKENS = 128;

/** Runs a causal language model and keeps the keys and values of what it has read. */
export interface KvDecoder {
  /**
   * Logits for the token that follows `ids`, one per vocabulary entry. Only what differs from the last call is fed:
   * the longest common beginning is taken from the cache, so the next turn of a conversation costs its new words.
   * @throws AppError `aborted` between two chunks; what was read until then stays usable.
   */
  next(ids: readonly number[], signal: AbortSignal): Promise<Float32Array>;
  dispose(): void;
}

/** What a run of tokens is fed as. */
export type TokenFeeds = (ids: readonly number[]) => Promise<Tensors> | Tensors;

const asIds: TokenFeeds = (ids) => ({ input_ids: int64Tensor(ids, [1, ids.length]) });

/** @param feedsOf for a model that is fed something else than the tokens themselves, such as their embeddings */
export function createKvDecoder(session: OnnxSession, feedsOf: TokenFeeds = asIds): KvDecoder {
  let cached: number[] = [];
  let past: Tensors | undefined;

  function reset(): void {
    if (past) disposeTensors(past);
    past = undefined;
    cached = [];
  }

  async function keepFirst(count: number): Promise<void> {
    if (count === cached.length || !past) return;
    const cropped = count > 0 ? await cropPast(past, cached.length, count) : undefined;
    if (!cropped) return reset();
    past = cropped;
    cached.length = count;
  }

  async function feed(chunk: readonly number[]): Promise<OnnxTensor> {
    const tokens = await feedsOf(chunk);
    const first = past === undefined;
    past ??= emptyPast(session);
    const end = cached.length + chunk.length;
    const feeds: Tensors = { ...past, ...tokens };
    if (session.inputNames.includes('attention_mask')) {
      feeds.attention_mask = int64Tensor(new Array<number>(end).fill(1), [1, end]);
    }
    if (session.inputNames.includes('position_ids')) {
      feeds.position_ids = int64Tensor(
        chunk.map((_, index) => cached.length + index),
        [1, chunk.length],
      );
    }
    if (session.inputNames.includes('num_logits_to_keep')) feeds.num_logits_to_keep = int64Tensor([1], []);
    const outputs = await session.run(feeds);
    past = advancePast(past, outputs, first);
    cached.push(...chunk);
    return outputs.logits!;
  }

  return {
    async next(ids, signal) {
      const shared = Math.min(sharedPrefix(cached, ids), ids.length - 1);
      try {
        await keepFirst(shared);
        let logits: OnnxTensor | undefined;
        for (let start = cached.length; start < ids.length; start += CHUNK_TOKENS) {
          throwIfAborted(signal);
          logits = await feed(ids.slice(start, start + CHUNK_TOKENS));
        }
        const rows = toFloats(logits!);
        return rows.subarray(rows.length - logits!.dims.at(-1)!);
      } catch (error) {
        if (!signal.aborted) reset();
        throw error;
      }
    },
    dispose: reset,
  };
}

function sharedPrefix(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  let count = 0;
  while (count < end && a[count] === b[count]) count++;
  return count;
}

/**
 * The first `count` of `length` tokens of every key and value, shaped [1, heads, length, size]. Tensors on the GPU are
 * read back once, which is cheaper than reading the prompt again. `undefined` where a model keeps a state that cannot
 * be cut, such as a convolution's.
 */
async function cropPast(past: Tensors, length: number, count: number): Promise<Tensors | undefined> {
  const isSequence = ({ dims }: OnnxTensor): boolean => dims.length === 4 && dims[2] === length;
  if (!Object.values(past).every(isSequence)) return undefined;
  const cropped: Tensors = {};
  for (const [name, tensor] of Object.entries(past)) {
    const heads = tensor.dims[1]!;
    const size = tensor.dims[3]!;
    const source = (await tensor.getData()) as TensorData;
    const target = source.slice(0, heads * count * size);
    for (let head = 0; head < heads; head++) {
      const from = head * length * size;
      target.set(source.subarray(from, from + count * size), head * count * size);
    }
    cropped[name] = floatTensor(tensor.type, target, [1, heads, count, size]);
  }
  disposeTensors(past);
  return cropped;
}
