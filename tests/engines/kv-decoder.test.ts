import { describe, expect, it } from 'vitest';
import { createKvDecoder } from '../../engines/causal-lm/kv-decoder.ts';
import { floatTensor, type OnnxSession, type Tensors } from '../../engines/onnx-session.ts';
import { aborted, never } from '../support/stage-contract.ts';

const HEADS = 2;
const VOCABULARY = 4;

/**
 * A decoder with one layer whose keys are the tokens it has read, so that a wrong cache shows: the logits of a step
 * are [sum of all tokens read, how many, last position, last token].
 */
function createReader(): { session: OnnxSession; fed: number[] } {
  const fed: number[] = [];
  const meta = { type: 'float32', shape: ['batch_size', HEADS, 'past_sequence_length', 1] };
  const session: OnnxSession = {
    inputNames: ['input_ids', 'attention_mask', 'position_ids', 'past_key_values.0.key'],
    inputMetadata: [{ name: 'past_key_values.0.key', ...meta }],
    release: async () => {},
    async run(feeds: Tensors) {
      const ids = [...(feeds.input_ids!.data as BigInt64Array)].map(Number);
      const positions = [...(feeds.position_ids!.data as BigInt64Array)].map(Number);
      const past = feeds['past_key_values.0.key']!;
      const before = past.dims[2]!;
      const head = [...(past.data as Float32Array).slice(0, before), ...ids];
      expect(Array.from((past.data as Float32Array).slice(before))).toEqual(head.slice(0, before));
      expect(feeds.attention_mask!.dims).toEqual([1, head.length]);
      fed.push(ids.length);
      const sum = head.reduce((total, id) => total + id, 0);
      const row = Float32Array.of(sum, head.length, positions.at(-1)!, ids.at(-1)!);
      const logits = new Float32Array(ids.length * VOCABULARY);
      logits.set(row, logits.length - VOCABULARY);
      return {
        logits: floatTensor('float32', logits, [1, ids.length, VOCABULARY]),
        'present.0.key': floatTensor('float32', Float32Array.from([...head, ...head]), [
          1,
          HEADS,
          head.length,
          1,
        ]),
      };
    },
  };
  return { session, fed };
}

const expected = (ids: readonly number[]): number[] => [
  ids.reduce((total, id) => total + id, 0),
  ids.length,
  ids.length - 1,
  ids.at(-1)!,
];

describe('Keys and values between turns', () => {
  it('feeds only what is new', async () => {
    const { session, fed } = createReader();
    const decoder = createKvDecoder(session);
    const turn = [5, 6, 7, 8];
    expect([...(await decoder.next(turn, never))]).toEqual(expected(turn));
    const longer = [...turn, 9];
    expect([...(await decoder.next(longer, never))]).toEqual(expected(longer));
    const nextTurn = [...longer, 1, 2, 3];
    expect([...(await decoder.next(nextTurn, never))]).toEqual(expected(nextTurn));
    expect(fed).toEqual([4, 1, 3]);
  });

  it('goes back to where the conversation changed', async () => {
    const { session, fed } = createReader();
    const decoder = createKvDecoder(session);
    await decoder.next([1, 2, 3, 4, 5, 6], never);
    const changed = [1, 2, 3, 9];
    expect([...(await decoder.next(changed, never))]).toEqual(expected(changed));
    const other = [7, 8];
    expect([...(await decoder.next(other, never))]).toEqual(expected(other));
    expect([...(await decoder.next(other, never))]).toEqual(expected(other));
    expect(fed).toEqual([6, 1, 2, 1]);
  });

  it('reads a long prompt in pieces, and goes on after an interruption', async () => {
    const { session, fed } = createReader();
    const decoder = createKvDecoder(session);
    const prompt = Array.from({ length: 300 }, (_, index) => index % 50);
    await expect(decoder.next(prompt, aborted())).rejects.toMatchObject({ code: 'aborted' });
    expect([...(await decoder.next(prompt, never))]).toEqual(expected(prompt));
    expect(fed).toEqual([128, 128, 44]);
  });

  it('starts afresh after a failed run', async () => {
    const { session, fed } = createReader();
    const decoder = createKvDecoder(session);
    await decoder.next([1, 2, 3], never);
    const run = session.run;
    session.run = () => Promise.reject(new Error('out of memory'));
    await expect(decoder.next([1, 2, 3, 4], never)).rejects.toThrow('out of memory');
    session.run = run;
    expect([...(await decoder.next([1, 2, 3, 4], never))]).toEqual(expected([1, 2, 3, 4]));
    expect(fed).toEqual([3, 4]);
  });
});
