import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, expect, test, type Browser, type Page, type Worker } from '@playwright/test';
import type { ChatMessage, ReplyPart, ReplyRequest } from '../../core/stages/stage.ts';
import { rehash, writeWebLlmModel, type MicroModel } from '../../tools/micro-models/web-llm/write-model.ts';
import { launchOptions } from '../support/chromium.ts';
import { watch, type Guard } from '../support/guard.ts';
import type { WebLlmHarness } from '../support/pages/web-llm.ts';
import { ask, textOf } from '../support/reply-requests.ts';
import { serveBuiltPage, type ServedPage } from '../support/served-page.ts';
import { replaceText, spoilProgram } from '../support/spoiled-program.ts';

declare const harness: WebLlmHarness;

const timeTool = {
  name: 'tell_time',
  description: 'Tells what the clock says.',
  parameters: { type: 'object', properties: {}, additionalProperties: false },
};

let served: ServedPage;
let browser: Browser;
let guard: Guard;
let page: Page;
let model: MicroModel;
let requests: string[];
let logged: string[];

test.beforeAll(async () => {
  served = await serveBuiltPage('web-llm.html');
  browser = await chromium.launch(launchOptions());
});

test.afterAll(async () => {
  await browser.close();
  await served.close();
});

test.beforeEach(async () => {
  model = await writeWebLlmModel(served.modelsDir);
  await openPage(browser);
});

async function openPage(where: Browser): Promise<void> {
  const context = await where.newContext();
  guard = watch(context, served.url);
  page = await context.newPage();
  requests = [];
  logged = [];
  context.on('request', (request) => requests.push(request.url()));
  context.on('console', (message) => logged.push(message.text()));
  await page.goto(served.url);
}

test.afterEach(async () => {
  await page.context().close();
  // Of all that may go wrong, a request to another origin never may.
  expect(guard.problems([/./s])).toEqual([]);
});

/** The thread that serves the model, started but not loaded. */
async function thread(): Promise<Worker> {
  await page.evaluate((each) => harness.open(each), model);
  await page.evaluate(() => harness.describe());
  return page.workers().findLast((worker) => worker.url().includes('web-llm.worker'))!;
}

const load = () => page.evaluate(() => harness.load());
const reply = (request: ReplyRequest, stopAfter?: number) =>
  page.evaluate(([asked, after]) => harness.reply(asked, after), [request, stopAfter] as const);
const say = async (content: string): Promise<string> => textOf((await reply(ask(content))).heard);

async function loaded(): Promise<Worker> {
  const worker = await thread();
  expect((await load()).code).toBeUndefined();
  return worker;
}

function fileOf(path: string): string {
  return join(served.modelsDir, model.id, path);
}

test.describe('a model in the form of WebLLM', () => {
  test('[WEBLLM-1] is read from this site, each file once, and kept nowhere else', async () => {
    await thread();
    requests.length = 0;
    const { value: steps } = await load();
    const { files, library } = model.variant;
    const wanted = [
      ...files.map(({ path }) => `${model.id}/${path}`),
      `${library.repository}/${library.file.path}`,
    ];
    expect(requests.map((url) => new URL(url).pathname).toSorted()).toEqual(
      wanted.map((path) => `/models/${path}`).toSorted(),
    );
    const total = [...files, library.file].reduce((sum, { bytes }) => sum + bytes, 0);
    expect(steps?.at(-1)).toMatchObject({ loadedBytes: total, totalBytes: total });
    expect(await page.evaluate(() => caches.keys())).toEqual([]);
    expect(await page.evaluate(() => indexedDB.databases())).toEqual([]);
    expect(guard.problems()).toEqual([]);
  });

  test('[WEBLLM-2] answers in a stream, alike each time, and logs nothing of it', async () => {
    await loaded();
    const { value: parts } = await reply(ask('tell me a joke'));
    expect(textOf(parts ?? [])).toBe('Why did the chicken cross the road? To get across.');
    expect(parts?.length).toBeGreaterThan(3);
    expect(await say('tell me a joke')).toBe(textOf(parts ?? []));
    expect((await reply(ask('tell me a joke', 1))).heard).toEqual([{ type: 'text', text: 'Why' }]);
    expect(await say('hello')).toBe('Hello there! How are you?');
    expect(logged.filter((text) => /joke|chicken|hello/i.test(text))).toEqual([]);
    expect(guard.problems()).toEqual([]);
  });

  test('[WEBLLM-2] stops within a token, and the next reply is whole', async () => {
    await loaded();
    const stopped = await reply(ask('tell me a joke'), 2);
    expect(stopped).toMatchObject({ code: 'aborted' });
    expect(textOf(stopped.heard)).toBe('Why did');
    expect(await say('who am I')).toBe('Sorry, I do not know you.');
    const [first, second] = await page.evaluate(
      (each) => Promise.all([harness.reply(each), harness.reply(each)]),
      ask('hello'),
    );
    expect(textOf(first?.heard ?? [])).toBe('Hello there! How are you?');
    expect(second?.heard).toEqual(first?.heard);
  });

  test('[WEBLLM-3] reads only the last message where the conversation grew, and all of it where it changed', async () => {
    const worker = await loaded();
    const passes = await countPasses(worker);
    const talk: ChatMessage[] = [
      { role: 'system', content: 'Be kind and brief. '.repeat(30) },
      { role: 'user', content: 'I am Anna' },
    ];
    const answer = async (messages: ChatMessage[]): Promise<{ text: string; read: number }> => {
      const before = await passes();
      const { heard } = await reply({ messages, tools: [], maxTokens: 64 });
      return { text: textOf(heard), read: (await passes()) - before };
    };
    const first = await answer(talk);
    expect(first.text).toBe('You must be Anna.');
    const grown: ChatMessage[] = [
      ...talk,
      { role: 'assistant', content: first.text },
      { role: 'user', content: 'who am I' },
    ];
    const second = await answer(grown);
    expect(second.text).toBe('You must be Anna.');
    // The first prompt takes nine chunks of 64 tokens more than the last message, each of them several passes.
    expect(first.read - second.read).toBeGreaterThan(18);

    const cut = grown.with(2, { role: 'assistant', content: 'You must...' });
    const third = await answer(cut);
    expect(third.text).toBe('You must be Anna.');
    expect(third.read).toBeGreaterThanOrEqual(first.read);
    const other = await answer([{ role: 'user', content: 'who am I' }]);
    expect(other.text).toBe('Sorry, I do not know you.');
  });

  test('[WEBLLM-3] goes on from where it was when a reply is given up', async () => {
    const worker = await loaded();
    const passes = await countPasses(worker);
    const asked = (messages: ChatMessage[]): ReplyRequest => ({ messages, tools: [], maxTokens: 64 });
    const talk: ChatMessage[] = [
      { role: 'system', content: 'Be kind and brief. '.repeat(30) },
      { role: 'user', content: 'hello' },
    ];
    const { heard } = await reply(asked(talk));
    const whole = await passes();
    talk.push({ role: 'assistant', content: textOf(heard) });
    for (const pause of ['tell me', 'tell me a joke', 'tell me a joke I mean']) {
      const begun = await reply(asked([...talk, { role: 'user', content: pause }]), 1);
      expect(begun).toMatchObject({ code: 'aborted' });
    }
    const before = await passes();
    const answer = await reply(asked([...talk, { role: 'user', content: 'who am I' }]));
    expect(textOf(answer.heard)).toBe('Sorry, I do not know you.');
    expect((await passes()) - before).toBeLessThan(whole - 18);
  });

  test('[WEBLLM-3] forgets its oldest exchanges when its window is full', async () => {
    await loaded();
    const messages: ChatMessage[] = [{ role: 'system', content: 'You are a voice assistant.' }];
    for (let turn = 0; turn < 200; turn++) {
      messages.push({ role: 'user', content: turn === 0 ? 'I am Anna' : `what is ${turn} plus ${turn}` });
      messages.push({ role: 'assistant', content: `${turn} plus ${turn} is ${turn + turn}.` });
    }
    messages.push({ role: 'user', content: 'who am I' });
    const tools = [timeTool];
    const { heard } = await reply({ messages, tools, maxTokens: 64 });
    expect(textOf(heard)).toBe('Sorry, I do not know you.');
    const long = await reply(ask('word '.repeat(2_000)));
    expect(long).toMatchObject({ code: 'input.invalid', heard: [] });
    expect(long.message).toContain('fewer words');
    expect(await say('hello')).toBe('Hello there! How are you?');
  });

  test('[WEBLLM-4] calls a tool as its schema wants it, and answers with the result', async () => {
    const worker = await loaded();
    const passes = await countPasses(worker);
    const request = { ...ask('what time is it', 200), tools: [timeTool] };
    const { heard } = await reply(request);
    const readAndCalled = await passes();
    const call = callOf(heard);
    expect(call).toMatchObject({ name: 'tell_time', arguments: {} });
    const messages: ChatMessage[] = [
      ...request.messages,
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', callId: call.id, name: call.name, content: '{"time":"12:00"}' },
    ];
    expect(textOf((await reply({ ...request, messages })).heard)).toBe('It says noon.');
    // The instructions for tools, eight chunks of 64 tokens at least, were not read again.
    expect((await passes()) - readAndCalled).toBeLessThan(readAndCalled - 8 * 4);

    const timer = {
      name: 'set_timer',
      description: 'Rings later.',
      parameters: {
        type: 'object',
        properties: { seconds: { type: 'integer' } },
        required: ['seconds'],
        additionalProperties: false,
      },
    };
    const { heard: timed } = await reply({ ...request, tools: [timer] });
    expect(callOf(timed)).toMatchObject({ name: 'set_timer', arguments: { seconds: expect.any(Number) } });
    expect(await say('hello')).toBe('Hello there! How are you?');
  });

  test('[WEBLLM-3] does not think aloud, and still reads only what is new', async () => {
    model = await writeWebLlmModel(served.modelsDir, { type: 'qwen3' });
    const worker = await loaded();
    const passes = await countPasses(worker);
    const talk = [{ role: 'system', content: 'Be kind and brief. '.repeat(30) }, ...ask('hello').messages];
    const request = { ...ask(''), messages: talk as ChatMessage[] };
    expect(textOf((await reply(request)).heard)).toBe('Hello there! How are you?');
    const first = await passes();
    const grown: ChatMessage[] = [
      ...request.messages,
      { role: 'assistant', content: 'Hello there! How are you?' },
      ...ask('I am Anna').messages,
    ];
    expect(textOf((await reply({ ...request, messages: grown })).heard)).toBe('You must be Anna.');
    expect((await passes()) - first).toBeLessThan(first - 18);
  });

  test('[AHEAD-3] reads ahead what an interruption has changed, and answers alike', async () => {
    const worker = await loaded();
    const passes = await countPasses(worker);
    const talk: ChatMessage[] = [
      { role: 'system', content: 'Be kind and brief. '.repeat(30) },
      { role: 'user', content: 'I am Anna' },
      { role: 'assistant', content: 'You must...' },
    ];
    const next: ChatMessage[] = [...talk, { role: 'user', content: 'who am I' }];
    const request = (messages: ChatMessage[]): ReplyRequest => ({ messages, tools: [], maxTokens: 64 });
    const unprepared = await reply(request(next));
    const whole = await passes();
    await page.evaluate((each) => harness.prepare(each), request(talk));
    const before = await passes();
    const prepared = await reply(request(next));
    expect(prepared.heard).toEqual(unprepared.heard);
    expect(textOf(prepared.heard)).toBe('You must be Anna.');
    expect((await passes()) - before).toBeLessThan(whole - 18);

    await page.evaluate((each) => harness.prepare(each), request(talk.slice(0, 1)));
    const stopped = await page.evaluate(
      ([first, second]) => Promise.all([harness.prepareAndGiveUp(first), harness.reply(second)]),
      [request(talk), request(ask('who am I').messages as ChatMessage[])] as const,
    );
    expect(textOf(stopped[1].heard)).toBe('Sorry, I do not know you.');
    expect((await reply(request(next))).heard).toEqual(unprepared.heard);
    expect(guard.problems()).toEqual([]);
  });

  test('can be disposed of and loaded again', async () => {
    await loaded();
    await page.evaluate(() => harness.dispose());
    expect((await load()).code).toBeUndefined();
    expect(await say('who am I')).toBe('Sorry, I do not know you.');
    expect(await page.evaluate(() => harness.describe())).toEqual({
      model: model.name,
      id: model.id,
      runtime: 'WebLLM',
      device: 'webgpu',
    });
    expect(guard.problems()).toEqual([]);
  });

  test('gives up loading when told, and loads when asked again', async () => {
    await thread();
    expect(await page.evaluate(() => harness.loadAndGiveUp())).toMatchObject({ code: 'aborted' });
    expect((await load()).code).toBeUndefined();
    expect(await say('hello')).toBe('Hello there! How are you?');
  });
});

test.describe('[WEBLLM-5] what goes wrong is said in words', () => {
  const weights = 'params_shard_1.bin';

  async function failsWith(code: string, words: RegExp): Promise<void> {
    await thread();
    const outcome = await load();
    expect(outcome).toMatchObject({ code, message: expect.stringMatching(words) });
  }

  /** What was spoiled is written again, and the page goes on with it. */
  async function recovers(): Promise<void> {
    model = await writeWebLlmModel(served.modelsDir);
    await loaded();
    expect(await say('hello')).toBe('Hello there! How are you?');
  }

  test('a shard that is missing', async () => {
    await rm(fileOf(weights));
    await failsWith('model.missing', /"params_shard_1\.bin" of Micro chat/);
    await recovers();
  });

  test('a shard with one byte flipped', async () => {
    const bytes = await readFile(fileOf(weights));
    bytes[1000]! ^= 1;
    await writeFile(fileOf(weights), bytes);
    await failsWith('model.corrupt', /"params_shard_1\.bin" of Micro chat/);
  });

  test('a shard that the catalogue does not know', async () => {
    model.variant.files = model.variant.files.filter(({ path }) => path !== weights);
    await failsWith('model.missing', /"params_shard_1\.bin" of Micro chat/);
    expect(requests.some((url) => url.endsWith(weights))).toBe(false);
  });

  test('a tokenizer that is none', async () => {
    await writeFile(fileOf('tokenizer.json'), '{"version": "1.0"}');
    await rehash(model, served.modelsDir);
    await failsWith('model.corrupt', /"tokenizer\.json" of Micro chat/);
  });

  test('a program that is none', async () => {
    await spoilProgram(model, served.modelsDir, (program) => program.subarray(0, 2_000));
    await failsWith('model.corrupt', /_cs64-webgpu\.wasm" of Micro chat/);
  });

  test('a program that lacks what WebLLM calls', async () => {
    await spoilProgram(model, served.modelsDir, (program) => replaceText(program, 'decode\0', 'detach\0'));
    await failsWith('model.corrupt', /program of Micro chat .* another version of WebLLM/);
  });

  test('a shader that does not compile', async () => {
    await spoilProgram(model, served.modelsDir, (program) =>
      replaceText(program, 'var sum = 0.0;', 'var sum = 0.0!'),
    );
    await failsWith('gpu.unavailable', /does not compile/);
    await recovers();
  });

  test('a GPU without 16-bit numbers, before anything is fetched', async () => {
    model.variant.needs.shaderF16 = true;
    await failsWith('gpu.unavailable', /16-bit/);
    expect(requests.filter((url) => url.includes('/models/'))).toEqual([]);
  });

  test('no GPU at all, before anything is fetched', async () => {
    const options = launchOptions();
    const args = (options.args ?? []).filter((flag) => !/webgpu|Vulkan/i.test(flag));
    const without = await chromium.launch({ ...options, args: [...args, '--disable-gpu'] });
    await page.context().close();
    await openPage(without);
    await failsWith('gpu.unavailable', /no usable GPU/);
    expect(requests.filter((url) => url.includes('/models/'))).toEqual([]);
    await without.close();
  });

  test('a GPU that is lost while the model is loaded', async () => {
    const worker = await thread();
    await worker.evaluate(() => {
      const write = GPUQueue.prototype.writeBuffer;
      let device: GPUDevice | undefined;
      const request = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...args) {
        return (device = await request.apply(this, args));
      };
      GPUQueue.prototype.writeBuffer = function (...args) {
        device?.destroy();
        return write.apply(this, args);
      };
    });
    expect(await load()).toMatchObject({ code: 'gpu.lost', message: expect.stringContaining('memory') });
    await recovers();
  });

  test('a GPU that is lost in the middle of a reply, after which a new thread answers', async () => {
    const worker = await thread();
    await worker.evaluate(() => {
      const submit = GPUQueue.prototype.submit;
      const request = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...args) {
        const device = await request.apply(this, args);
        Object.assign(globalThis, {
          loseGpuAfter(submits: number) {
            GPUQueue.prototype.submit = function (...submitted) {
              if (--submits === 0) device.destroy();
              return submit.apply(this, submitted);
            };
          },
        });
        return device;
      };
    });
    expect((await load()).code).toBeUndefined();
    await worker.evaluate(() =>
      (globalThis as unknown as { loseGpuAfter(submits: number): void }).loseGpuAfter(40),
    );
    const broken = await reply(ask('tell me a joke'));
    expect(broken).toMatchObject({ code: 'gpu.lost', message: expect.stringContaining('GPU') });
    await expect.poll(() => page.evaluate(() => harness.deaths())).toEqual(['worker.died']);
    expect(await say('tell me a joke')).toContain('chicken');
  });
});

function callOf(parts: readonly ReplyPart[]) {
  expect(parts).toHaveLength(1);
  const [part] = parts;
  if (part?.type !== 'toolCall') throw new Error('The reply is no call.');
  return part.call;
}

/** How many compute passes the thread has asked of its GPU. */
async function countPasses(worker: Worker): Promise<() => Promise<number>> {
  await worker.evaluate(() => {
    const begin = GPUCommandEncoder.prototype.beginComputePass;
    Object.assign(globalThis, { passes: 0 });
    GPUCommandEncoder.prototype.beginComputePass = function (...args) {
      (globalThis as unknown as { passes: number }).passes += 1;
      return begin.apply(this, args);
    };
  });
  return () => worker.evaluate(() => (globalThis as unknown as { passes: number }).passes);
}
