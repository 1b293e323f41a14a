import { afterEach, describe, expect, it } from 'vitest';
import { apologies } from '../../server/engines/apology.ts';
import { openCompanion } from '../support/companion.ts';
import type { Companion } from '../support/companion.ts';
import { freePort } from '../support/free-port.ts';
import { callRealtime } from '../support/realtime-caller.ts';
import type { RealtimeCaller } from '../support/realtime-caller.ts';
import { fixture } from '../support/speech-fixtures.ts';

/** Conversations on a server whose other servers are all gone. */
let server: Companion;
let caller: RealtimeCaller;
afterEach(async () => {
  await caller.close();
  await server.close();
});

const gone = (model: string) =>
  ({ engine: 'openai', url: `http://127.0.0.1:${freePort()}/v1`, model, timeoutMs: 10_000 }) as const;
const espeak = { engine: 'espeak', model: 'espeak-ng', dtype: 'q8' } as const;
const apology = { engine: 'apology' } as const;

async function type(text: string, language?: string): Promise<void> {
  if (language !== undefined) {
    const input = { transcription: { language } } as unknown as object;
    caller.send({ type: 'session.update', session: { type: 'realtime', audio: { input } } });
  }
  caller.send({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
  });
  caller.send({ type: 'response.create' });
}

const told = (words: string) => caller.next('error', ({ error }) => error.message.includes(words), 0);

describe('a conversation', () => {
  it('[CHAIN-5] hears an apology in its language where no language model answers, in the voice that is left', async () => {
    server = await openCompanion({
      config: { stages: { stt: gone('s'), llm: [gone('a'), gone('b'), apology], tts: [gone('t'), espeak] } },
    });
    caller = await callRealtime(server.client, { microphone: false });
    await type('Wie geht es dir?', 'de');
    const { response } = await caller.next('response.done', undefined, 0);
    expect(response.status).toBe('completed');
    expect(JSON.stringify(response.output)).toContain(apologies.de);
    expect(caller.heard().samples.length).toBeGreaterThan(24_000);
    await told('does not answer');
    expect(server.engines.serving('tts')).toMatchObject({ serving: 'espeak-ng', rank: 1 });
  });

  it('[CHAIN-5] goes on in writing where no voice and no recogniser is left, and says so', async () => {
    server = await openCompanion({
      config: {
        stages: {
          stt: gone('s'),
          llm: { engine: 'causal-lm', model: 'starter/chat', dtype: 'q8' },
          tts: gone('t'),
        },
      },
    });
    caller = await callRealtime(server.client);
    await caller.say(fixture('how-are-you').pcm);
    await told('What is typed is still answered.');
    await type('Hello!');
    const { response } = await caller.next('response.done', undefined, 0);
    expect(JSON.stringify(response.output)).toMatch(/"transcript":"\w/);
    await told('Answers are still written.');
    expect(caller.heard().samples.length).toBe(0);
  });
});
