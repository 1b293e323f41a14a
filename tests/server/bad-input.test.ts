import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { openGuard } from '../../server/security/open-guard.ts';
import { createMetrics } from '../../server/telemetry/metrics.ts';
import { badRequests } from '../support/bad-input.ts';
import type { BadRequest } from '../support/bad-input.ts';
import { scriptedEngines } from '../support/scripted-engines.ts';

const preset = readConfig({});
const config = {
  ...preset,
  limits: { ...preset.limits, bodyMb: 1, audioSeconds: 10, requestsPerMinute: 100_000 },
};
let app: FastifyInstance;

beforeAll(async () => {
  const { guard, asksForKey } = openGuard(config, {});
  const doors = {
    engines: scriptedEngines(),
    limits: config.limits,
    guard,
    asksForKey,
    metrics: createMetrics(),
  };
  app = await createApp({ pageDir: '/nowhere', modelsDir: '/nowhere', doors });
});
afterAll(() => app.close());

async function ask({ method = 'POST', url, headers, body }: Omit<BadRequest, 'name' | 'status'>) {
  return app.inject({
    method,
    url,
    ...(headers && { headers }),
    ...(body !== undefined && { payload: body }),
  });
}

describe('bad input', () => {
  it('[SRV-11] is a corpus of at least 300 cases, all different', () => {
    expect(badRequests.length).toBeGreaterThanOrEqual(300);
    expect(new Set(badRequests.map(({ name }) => name)).size).toBe(badRequests.length);
  });

  it.each(badRequests.map((request) => [request.name, request] as const))(
    '[SRV-11] is refused: %s',
    async (_name, request) => {
      const answer = await ask(request);
      expect([request.status].flat()).toContain(answer.statusCode);
      expect(answer.body).not.toMatch(/node_modules|\.ts:\d+|at \w+ \(/);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      if (!request.url.startsWith('/v1/') || answer.statusCode === 400) return;
      if (answer.headers['content-type']?.toString().includes('json')) {
        expect(answer.json()).toMatchObject({
          error: { message: expect.any(String), type: expect.any(String) },
        });
      }
    },
  );

  it('[SRV-11] leaves the server as it was: every door still works', async () => {
    const headers = { 'content-type': 'application/json' };
    const chat = await ask({
      url: '/v1/chat/completions',
      headers,
      body: JSON.stringify({
        model: 'parley',
        messages: [{ role: 'user', content: '\u0000\uD800 💥 <script>{{7*7}}' }],
      }),
    });
    expect(chat.json()).toMatchObject({ choices: [{ message: { content: 'Good day.' } }] });
    const speech = await ask({
      url: '/v1/audio/speech',
      headers,
      body: JSON.stringify({ model: 'parley', input: 'Hello.', voice: '../../etc/passwd' }),
    });
    expect(speech.statusCode).toBe(200);
    expect(speech.rawPayload.length).toBeGreaterThan(4800);
    expect((await ask({ method: 'GET', url: '/api/v1/ready' })).json()).toEqual({ status: 'ready' });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});
