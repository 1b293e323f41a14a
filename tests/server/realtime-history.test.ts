import { afterEach, expect, it } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { ChatMessage } from '../../core/stages/stage.ts';
import { openCompanion } from '../support/companion.ts';
import type { Companion } from '../support/companion.ts';
import { callRealtime } from '../support/realtime-caller.ts';
import type { RealtimeCaller } from '../support/realtime-caller.ts';
import { scriptedEngines } from '../support/scripted-engines.ts';

/** Conversations with engines that say what the test says, for what depends on the moment. */
let server: Companion;
let caller: RealtimeCaller;
afterEach(async () => {
  await caller.close();
  await server.close();
});

const speech = {
  samples: Float32Array.from({ length: 12_800 }, (_, n) => 0.3 * Math.sin(n / 4)),
  rateHz: 16_000,
};
const story =
  'Once upon a time there was a king. He had a daughter. She had a golden ball. It fell into the well.';

it('[SRV-8] a model is told no more of an interrupted answer than the client says was heard', async () => {
  const asked: (readonly ChatMessage[])[] = [];
  server = await openCompanion({
    engines: scriptedEngines(async function* (_signal, { messages }) {
      asked.push(messages);
      yield messages.length < 3 ? story : 'Yes?';
    }),
  });
  caller = await callRealtime(server.client);
  await caller.say(speech);
  const { item_id, response_id } = await caller.next('response.output_audio.delta', undefined, 0);
  await caller.next('response.output_audio.delta', () => caller.heard().samples.length > 24_000, 0);
  const begun = caller.events.length;
  const saying = caller.say(speech);
  await caller.next('input_audio_buffer.speech_started', undefined, begun);
  // A quarter of the first sentence, which takes three seconds.
  caller.send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 750 });
  await saying;
  await caller.next('response.done', ({ response }) => response.id === response_id, begun);
  await caller.next('response.done', ({ response }) => response.id !== response_id, begun);
  const answer = asked.at(-1)?.find(({ role }) => role === 'assistant');
  expect(answer?.content).toBe('Once upon...');
});

it('[SRV-8] a model that fails is said in words, and the next turn is answered', async () => {
  let broken = true;
  server = await openCompanion({
    engines: scriptedEngines(async function* () {
      if (broken) throw new AppError('worker.died', 'The language model stopped.', { retryable: true });
      yield 'Good day.';
    }),
  });
  caller = await callRealtime(server.client);
  await caller.say(speech);
  const failed = await caller.next('response.done', undefined, 0);
  expect(failed.response).toMatchObject({
    status: 'failed',
    status_details: { type: 'failed', error: { code: 'worker.died' } },
  });
  broken = false;
  await caller.say(speech);
  const done = await caller.next('response.done');
  expect(done.response).toMatchObject({
    status: 'completed',
    output: [{ content: [{ type: 'output_audio', transcript: 'Good day.' }] }],
  });
});

it('[SRV-6] a client that hangs up in the middle of an answer leaves every queue', async () => {
  server = await openCompanion({
    engines: scriptedEngines(async function* () {
      yield story;
    }),
  });
  const { gates } = server.engines;
  caller = await callRealtime(server.client);
  await caller.say(speech);
  await caller.next('response.output_audio.delta', undefined, 0);
  await caller.close();
  await expect.poll(() => [gates.stt, gates.llm, gates.tts].map((gate) => gate.working())).toEqual([0, 0, 0]);
});

it('[SRV-5] what is too long to answer is refused, and the next turn is heard', async () => {
  server = await openCompanion({ engines: scriptedEngines() });
  caller = await callRealtime(server.client);
  const content = [{ type: 'input_text' as const, text: 'word '.repeat(2000) }];
  caller.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
  caller.send({ type: 'response.create' });
  expect((await caller.next('error', undefined, 0)).error.message).toContain('too long');
  await caller.say(speech);
  await caller.next('input_audio_buffer.committed', undefined, 0);
  expect((await caller.next('response.done', undefined, 0)).response.status).toBe('completed');
});
