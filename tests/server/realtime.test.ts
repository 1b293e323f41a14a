import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openCompanion } from '../support/companion.ts';
import type { Companion } from '../support/companion.ts';
import { openEar } from '../support/ear.ts';
import { callRealtime } from '../support/realtime-caller.ts';
import type { RealtimeCaller } from '../support/realtime-caller.ts';
import { fixture } from '../support/speech-fixtures.ts';
import { wordAgreement } from '../support/spoken-form.ts';

/** Conversations of the official client's WebSocket class with this server, on the starter models and from recorded speech. */
let server: Companion;
let caller: RealtimeCaller;
beforeAll(async () => {
  server = await openCompanion();
});
afterEach(() => caller.close());
afterAll(() => server.close());

const calculator = {
  type: 'function',
  name: 'calculate',
  description: 'Works out an arithmetic expression.',
  parameters: { type: 'object', properties: { expression: { type: 'string' } }, required: ['expression'] },
} as const;
const transcribed = { audio: { input: { transcription: { language: 'en' } } } } as const;

describe('a conversation by voice', () => {
  it('[SRV-7] is heard, answered, and heard again as it was written', async () => {
    caller = await callRealtime(server.client);
    caller.send({ type: 'session.update', session: { type: 'realtime', ...transcribed } });
    expect((await caller.next('session.updated')).session).toMatchObject({ type: 'realtime' });
    const begun = caller.events.length;
    await caller.say(fixture('identity').pcm);
    const done = await caller.next('response.done', undefined, begun);
    expect(done.response.status).toBe('completed');
    const { transcript } = await caller.next(
      'conversation.item.input_audio_transcription.completed',
      undefined,
      begun,
    );
    expect(wordAgreement('Who are you?', transcript)).toBeGreaterThanOrEqual(0.75);
    const said = await caller.next('response.output_audio_transcript.done', undefined, begun);
    const ear = await openEar();
    expect(wordAgreement(said.transcript, await ear.words(caller.heard()))).toBeGreaterThanOrEqual(0.6);
    await ear.close();
    expect(typesOf(caller, begun)).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'conversation.item.input_audio_transcription.completed',
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done',
    ]);
  });

  it('[SRV-7] calls the functions of the client and says what they give', async () => {
    caller = await callRealtime(server.client);
    caller.send({ type: 'session.update', session: { type: 'realtime', tools: [calculator] } });
    await caller.next('session.updated');
    const begun = caller.events.length;
    await caller.say(fixture('calculate-times').pcm);
    const called = await caller.next('response.function_call_arguments.done', undefined, begun);
    expect(called.name).toBe('calculate');
    expect(JSON.parse(called.arguments)).toHaveProperty('expression');
    const first = await caller.next('response.done', undefined, begun);
    expect(first.response.output?.[0]).toMatchObject({ type: 'function_call', call_id: called.call_id });
    caller.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: called.call_id, output: '{"result":84}' },
    });
    caller.send({ type: 'response.create' });
    const said = await caller.next('response.output_audio_transcript.done', undefined, begun);
    expect(said.transcript).toContain('84');
    const second = await caller.next(
      'response.done',
      ({ response }) => response.id !== first.response.id,
      begun,
    );
    expect(second.response.status).toBe('completed');
  });

  it('[SRV-8] is interrupted by speech: the voice falls silent, what was heard is remembered, the new question is answered', async () => {
    caller = await callRealtime(server.client);
    caller.send({ type: 'session.update', session: { type: 'realtime', ...transcribed } });
    await caller.next('session.updated');
    await caller.say(fixture('joke').pcm);
    const sound = await caller.next('response.output_audio.delta');
    const begun = caller.events.length;
    await caller.say(fixture('how-are-you').pcm);
    const started = await caller.next('input_audio_buffer.speech_started', undefined, begun);
    caller.send({
      type: 'conversation.item.truncate',
      item_id: sound.item_id,
      content_index: 0,
      audio_end_ms: 300,
    });
    await caller.next('conversation.item.truncated');
    const cut = await caller.next(
      'response.done',
      ({ response }) => response.id === sound.response_id,
      begun,
    );
    expect(cut.response).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'turn_detected' },
      output: [{ status: 'incomplete' }],
    });
    const answered = await caller.next(
      'response.done',
      ({ response }) => response.id !== sound.response_id && response.status === 'completed',
      begun,
    );
    expect(answered.response.output).toHaveLength(1);
    const words = await caller.next(
      'conversation.item.input_audio_transcription.completed',
      undefined,
      begun,
    );
    expect(words.item_id).toBe(started.item_id);
    expect(wordAgreement('How are you today?', words.transcript)).toBeGreaterThanOrEqual(0.75);
  });

  it('[SRV-8] goes on after a cough', async () => {
    caller = await callRealtime(server.client);
    await caller.say(fixture('joke').pcm);
    const sound = await caller.next('response.output_audio.delta');
    await caller.say(fixture('cough').pcm);
    const done = await caller.next('response.done', ({ response }) => response.id === sound.response_id);
    expect(done.response.status).toBe('completed');
  });

  it('[SRV-8] is silenced by response.cancel', async () => {
    caller = await callRealtime(server.client);
    await caller.say(fixture('joke').pcm);
    const { response_id: id } = await caller.next('response.output_audio.delta');
    caller.send({ type: 'response.cancel' });
    const done = await caller.next('response.done', ({ response }) => response.id === id);
    expect(done.response).toMatchObject({
      status: 'cancelled',
      status_details: { reason: 'client_cancelled' },
    });
  });
});

describe('an engine that dies in a conversation', () => {
  it('[SRV-3] fails its turn in words, and the next turn is answered', async () => {
    caller = await callRealtime(server.client);
    const saying = caller.say(fixture('how-are-you').pcm);
    await caller.next('input_audio_buffer.speech_started');
    const { pid } = server.engines.status().find(({ name }) => name === 'Speech recognition')!;
    process.kill(pid!, 'SIGKILL');
    expect((await caller.next('error')).error.code).toBe('worker.died');
    await saying;
    await caller.say(fixture('how-are-you').pcm);
    expect((await caller.next('response.done')).response.status).toBe('completed');
  });
});

describe('a conversation in which the client says when', () => {
  it('[SRV-7] answers what is written, in writing', async () => {
    caller = await callRealtime(server.client, { microphone: false });
    caller.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } });
    caller.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello!' }] },
    });
    caller.send({ type: 'response.create' });
    const { text } = await caller.next('response.output_text.done');
    expect(text).toMatch(/\w/);
    const done = await caller.next('response.done', undefined, 0);
    expect(done.response.output?.[0]).toMatchObject({
      role: 'assistant',
      content: [{ type: 'output_text', text }],
    });
    expect(caller.heard().samples.length).toBe(0);
  });

  it('[SRV-7] takes a turn that the client commits', async () => {
    caller = await callRealtime(server.client);
    const input = { turn_detection: null, transcription: { language: 'en' } } as unknown as object;
    caller.send({ type: 'session.update', session: { type: 'realtime', audio: { input } } });
    await caller.next('session.updated');
    caller.send({ type: 'input_audio_buffer.clear' });
    await caller.next('input_audio_buffer.cleared');
    await caller.say(fixture('how-are-you').pcm);
    caller.send({ type: 'input_audio_buffer.commit' });
    const { transcript } = await caller.next('conversation.item.input_audio_transcription.completed');
    expect(wordAgreement('How are you today?', transcript)).toBeGreaterThanOrEqual(0.75);
    expect(caller.events.some(({ type }) => type === 'response.created')).toBe(false);
    caller.send({ type: 'response.create' });
    expect((await caller.next('response.done')).response.status).toBe('completed');
  });
});

describe('a transcription session', () => {
  it('[SRV-7] writes down one turn after another and answers nothing', async () => {
    caller = await callRealtime(server.client, { transcription: true });
    for (const name of ['timer-set', 'date']) {
      const begun = caller.events.length;
      await caller.say(fixture(name).pcm);
      const { transcript } = await caller.next(
        'conversation.item.input_audio_transcription.completed',
        undefined,
        begun,
      );
      expect(wordAgreement(fixture(name).text, transcript)).toBeGreaterThanOrEqual(0.8);
    }
    expect(caller.events.some(({ type }) => type.startsWith('response.'))).toBe(false);
  });
});

describe('what a session cannot do', () => {
  it.each([
    ['no JSON', '{'],
    ['no event', '{"type":"session.destroy"}'],
    [
      'another kind of sound',
      '{"type":"session.update","session":{"type":"realtime","audio":{"input":{"format":{"type":"audio/pcmu"}}}}}',
    ],
    ['no base64', '{"type":"input_audio_buffer.append","audio":"~~~"}'],
    ['nothing to answer', '{"type":"response.create"}'],
    ['nothing to cancel', '{"type":"response.cancel"}'],
    ['no such item', '{"type":"conversation.item.retrieve","item_id":"item_1"}'],
    [
      'a result that nobody wants',
      '{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"x","output":""}}',
    ],
  ])('[SRV-5] is an error event, and the session lives: %s', async (_name, text) => {
    caller = await callRealtime(server.client, { microphone: false });
    caller.sendRaw(text);
    const { error } = await caller.next('error');
    expect(error.type).toBe('invalid_request_error');
    caller.send({ type: 'input_audio_buffer.clear' });
    await caller.next('input_audio_buffer.cleared');
  });
});

function typesOf({ events }: RealtimeCaller, from: number): string[] {
  return events
    .slice(from)
    .map(({ type }) => type)
    .filter((type) => !type.endsWith('.delta'));
}
