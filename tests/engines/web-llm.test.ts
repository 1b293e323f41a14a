import type { ChatCompletionChunk, ChatCompletionRequestStreaming } from '@mlc-ai/web-llm';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { ChatMessage, ReplyPart, ReplyRequest, ToolCall } from '../../core/stages/stage.ts';
import { toLibraryMessages, type LibraryMessage } from '../../engines/web-llm/chat-messages.ts';
import { toReplyError, toStartError } from '../../engines/web-llm/failure.ts';
import type { Pipeline } from '../../engines/web-llm/pipeline.ts';
import { readAhead } from '../../engines/web-llm/read-ahead.ts';
import { createReading } from '../../engines/web-llm/reading.ts';
import { callGrammar, toolInstructions } from '../../engines/web-llm/tool-format.ts';
import { createWording } from '../../engines/web-llm/wording.ts';
import { prepareReply, writeReply, type OpenChat } from '../../engines/web-llm/write-reply.ts';
import { ask, textOf } from '../support/reply-requests.ts';
import { never } from '../support/stage-contract.ts';

const clock = {
  name: 'tell_time',
  description: 'Tells the time.',
  parameters: { type: 'object', properties: {}, additionalProperties: false },
};

const call = (id: string, name = 'tell_time', args: unknown = {}): ToolCall => ({
  id,
  name,
  arguments: args,
});
const calling = (toolCall: ToolCall): ChatMessage => ({
  role: 'assistant',
  content: '',
  toolCalls: [toolCall],
});
const result = (callId: string, content: string): ChatMessage => ({
  role: 'tool',
  callId,
  name: 'tell_time',
  content,
});

describe('a conversation in the form of WebLLM', () => {
  it('keeps its order and its words', () => {
    const messages: ChatMessage[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: 'Hello!' },
      { role: 'user', content: 'who are you' },
    ];
    expect(toLibraryMessages({ messages, tools: [] }, createWording())).toEqual(messages);
  });

  it('tells of tools in one system message, which comes first', () => {
    const { messages } = ask('what time is it');
    const [system, user] = toLibraryMessages({ messages, tools: [clock] }, createWording());
    expect(system).toMatchObject({ role: 'system' });
    expect(system?.content).toContain(JSON.stringify(clock));
    expect(user).toEqual({ role: 'user', content: 'what time is it' });
    const instructed: ChatMessage[] = [{ role: 'system', content: 'Be brief.' }, ...messages];
    const [first, ...others] = toLibraryMessages({ messages: instructed, tools: [clock] }, createWording());
    expect(first?.content).toMatch(/^Be brief\.\n\n.*tools/s);
    expect(others).toHaveLength(1);
  });

  it('writes calls that somebody else made in the form that the model is told of', () => {
    const messages = [
      ...ask('what time is it').messages,
      calling(call('a', 'tell_time', { zone: 'UTC' })),
      result('a', '"noon"'),
    ];
    const [, assistant, user] = toLibraryMessages({ messages, tools: [] }, createWording());
    expect(assistant?.content).toBe(
      '<tool_call>\n{"name": "tell_time", "arguments": {"zone":"UTC"}}\n</tool_call>',
    );
    expect(user).toEqual({ role: 'user', content: '<tool_response>\n"noon"\n</tool_response>' });
    expect(toolInstructions([clock])).toContain('<tool_response>');
  });

  it('repeats a reply word for word, whatever the conversation made of it', () => {
    const wording = createWording();
    wording.remember([{ type: 'text', text: 'Hello!' }], '<think>\n\n</think>\n\nHello! ');
    const messages: ChatMessage[] = [
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: 'Hello! ' },
      { role: 'user', content: 'bye' },
    ];
    const [, assistant] = toLibraryMessages({ messages, tools: [] }, wording);
    expect(assistant?.content).toBe('<think>\n\n</think>\n\nHello! ');
    const cut = messages.with(1, { role: 'assistant', content: 'Hel...' });
    expect(toLibraryMessages({ messages: cut, tools: [] }, wording)[1]?.content).toBe('Hel...');
  });

  it('makes one reply and one message of results of several calls', () => {
    const wording = createWording();
    const raw = '<tool_call>1</tool_call>\n<tool_call>2</tool_call>';
    wording.remember(
      [
        { type: 'toolCall', call: call('a') },
        { type: 'toolCall', call: call('b') },
      ],
      raw,
    );
    const messages = [
      ...ask('what time is it here and there').messages,
      calling(call('a')),
      result('a', '12'),
      calling(call('b')),
      result('b', '13'),
    ];
    expect(toLibraryMessages({ messages, tools: [] }, wording).slice(1)).toEqual([
      { role: 'assistant', content: raw },
      {
        role: 'user',
        content: '<tool_response>\n12\n</tool_response>\n<tool_response>\n13\n</tool_response>',
      },
    ]);
  });

  it('lets user and assistant take turns', () => {
    const messages: ChatMessage[] = [
      { role: 'user', content: 'one' },
      { role: 'user', content: 'two' },
      { role: 'assistant', content: 'three' },
    ];
    const roles = toLibraryMessages({ messages, tools: [] }, createWording());
    expect(roles).toEqual([
      { role: 'user', content: 'one\ntwo' },
      { role: 'assistant', content: 'three' },
    ]);
  });

  it('does not repeat text that stood beside a call: the answer holds it', () => {
    const wording = createWording();
    wording.remember(
      [
        { type: 'text', text: 'Let me look.' },
        { type: 'toolCall', call: call('a') },
      ],
      'Let me look.<tool_call>…</tool_call>',
    );
    const messages = [...ask('time?').messages, calling(call('a')), result('a', '12')];
    expect(toLibraryMessages({ messages, tools: [] }, wording)[1]?.content).not.toContain('Let me look');
  });
});

describe('the grammar of calls', () => {
  it('allows each tool with its own arguments, and opens with the marker that the parser knows', () => {
    const timer = { name: 'set_timer', description: '', parameters: { type: 'object', required: ['s'] } };
    const { format } = JSON.parse(callGrammar([clock, timer]));
    expect(format.triggers).toEqual(['<tool_call>']);
    expect(format.tags.map((tag: { content: { json_schema: unknown } }) => tag.content.json_schema)).toEqual([
      clock.parameters,
      timer.parameters,
    ]);
    for (const { begin } of format.tags) expect(begin.startsWith('<tool_call>')).toBe(true);
  });
});

describe('[WEBLLM-3] what the library reads', () => {
  const user = (content: string) => ({ role: 'user', content }) as const;
  const assistant = (content: string) => ({ role: 'assistant', content }) as const;

  it('is the last message alone where all before it is what it holds', () => {
    const reading = createReading();
    const held = [user('hello'), assistant('Hello!')];
    expect(reading.begin(held.slice(0, 1))).toBe('whole');
    reading.hold(held);
    expect(reading.holds([user('hello'), assistant('Hello!')])).toBe(true);
    expect(reading.begin([...held, user('bye')])).toBe('last');
    expect(reading.begin([...held, user('bye')])).toBe('whole');
  });

  it.each([
    ['nothing was read yet', [], [user('bye')]],
    ['a reply was heard in part', [user('a'), assistant('b c')], [user('a'), assistant('b...'), user('d')]],
    ['more came than one message', [user('a')], [user('a'), assistant('b'), user('c')]],
    ['the beginning was left out', [user('a'), assistant('b')], [user('c')]],
  ])('is everything where %s', (_why, held, messages) => {
    const reading = createReading();
    reading.hold(held);
    expect(reading.begin(messages)).toBe('whole');
  });

  it('teaches it how long prompts are, by those that were read whole', () => {
    const reading = createReading();
    const prompt = [user('x'.repeat(600))];
    reading.begin(prompt);
    reading.counted(600);
    const held = [...prompt, assistant('y')];
    reading.hold(held);
    expect(reading.countTokens(prompt)).toBe(600);
    reading.begin([...held, user('z'.repeat(900))]);
    reading.counted(3);
    expect(reading.countTokens(prompt)).toBe(600);
  });
});

/** A library that answers by script; the real one is run in tests/e2e/web-llm.spec.ts, where there is WebGPU. */
function scripted(pieces: readonly string[], windowBytes = Infinity) {
  const asked: ChatCompletionRequestStreaming[] = [];
  let interrupted = 0;
  let rewinds = 0;
  const ahead: (readonly LibraryMessage[])[] = [];
  const chunk = (content: string, finish_reason: 'stop' | null): ChatCompletionChunk =>
    ({ choices: [{ index: 0, delta: { content }, finish_reason }] }) as unknown as ChatCompletionChunk;
  async function* chunks(): AsyncGenerator<ChatCompletionChunk> {
    for (const piece of pieces) yield chunk(piece, null);
    yield chunk('', 'stop');
  }
  const chat: OpenChat = {
    library: {
      chat: {
        completions: {
          async create(request) {
            asked.push(request);
            if (JSON.stringify(request.messages).length <= windowBytes) return chunks();
            const error = new Error('Prompt tokens exceed context window size');
            error.name = 'ContextWindowSizeExceededError';
            throw error;
          },
        },
      },
      interruptGenerate: () => void interrupted++,
    },
    contextTokens: 4096,
    thinks: false,
    wording: createWording(),
    reading: createReading(),
    rewindPoint: () => () => ++rewinds > 0,
    readAhead: async (messages) => ahead.push(messages) > 0,
  };
  const reply = async (request: ReplyRequest, signal = never, onPart = () => {}): Promise<ReplyPart[]> => {
    const parts: ReplyPart[] = [];
    await writeReply(
      chat,
      request,
      (part) => {
        parts.push(part);
        onPart();
      },
      signal,
    );
    return parts;
  };
  return { chat, ahead, asked, reply, interruptions: () => interrupted, rewinds: () => rewinds };
}

describe('a reply of WebLLM', () => {
  it('is asked for greedily, and held to a grammar only where there are tools', async () => {
    const { asked, reply } = scripted(['Hello']);
    await reply(ask('hello', 7));
    await reply({ ...ask('time?'), tools: [clock] });
    expect(asked[0]).toMatchObject({ temperature: 0, max_tokens: 7, stream: true });
    expect(asked[0]).not.toHaveProperty('response_format');
    expect(asked[0]).not.toHaveProperty('extra_body');
    expect(asked[1]?.response_format?.type).toBe('structural_tag');
    expect(asked[1]).not.toHaveProperty('tools');
  });

  it('[WEBLLM-2] is interrupted in the library when it is given up', async () => {
    const { reply, interruptions } = scripted(['one', ' two', ' three']);
    const controller = new AbortController();
    const broken = reply(ask('count'), controller.signal, () => controller.abort());
    await expect(broken).rejects.toMatchObject({ code: 'aborted' });
    expect(interruptions()).toBe(1);
  });

  it('[WEBLLM-3] takes the model back when it is given up after a conversation that only grew', async () => {
    const { reply, rewinds } = scripted(['Hello', ' there']);
    const giveUp = async (messages: readonly ChatMessage[]): Promise<void> => {
      const controller = new AbortController();
      const broken = reply({ messages, tools: [], maxTokens: 9 }, controller.signal, () =>
        controller.abort(),
      );
      await expect(broken).rejects.toMatchObject({ code: 'aborted' });
    };
    const { messages } = ask('hello');
    await giveUp(messages);
    expect(rewinds()).toBe(0);
    await reply(ask('hello'));
    const grown: ChatMessage[] = [
      ...messages,
      { role: 'assistant', content: 'Hello there' },
      { role: 'user', content: 'bye' },
    ];
    await giveUp(grown);
    expect(rewinds()).toBe(1);
    await giveUp([...grown.slice(0, -1), { role: 'user', content: 'bye now' }]);
    expect(rewinds()).toBe(2);
    await giveUp(grown.with(1, { role: 'assistant', content: 'Hel...' }));
    expect(rewinds()).toBe(2);
  });

  it('[AHEAD-3] is prepared by what was answered before, unless the library holds it already', async () => {
    const { chat, ahead, reply, rewinds } = scripted(['Hello', ' there']);
    const prepare = (messages: readonly ChatMessage[]) =>
      prepareReply(chat, { messages, tools: [], maxTokens: 9 }, never);
    const { messages } = ask('hello');
    await prepare(messages);
    await reply(ask('hello'));
    const answered: ChatMessage[] = [...messages, { role: 'assistant', content: 'Hello there' }];
    await prepare(answered);
    expect(ahead).toEqual([]);
    const cut = answered.with(1, { role: 'assistant', content: 'Hel...' });
    await prepare(cut);
    await prepare([...cut, ...messages]);
    expect(ahead).toEqual([cut]);
    const controller = new AbortController();
    const request = { messages: [...cut, ...messages], tools: [], maxTokens: 9 };
    await expect(reply(request, controller.signal, () => controller.abort())).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(rewinds()).toBe(1);
  });

  it('gives up its oldest exchanges until the library takes it', async () => {
    const { asked, reply } = scripted(['Fine.'], 3_000);
    const messages: ChatMessage[] = [];
    for (let turn = 0; turn < 40; turn++) {
      messages.push({ role: 'user', content: `question ${turn} ${'x'.repeat(60)}` });
      messages.push({ role: 'assistant', content: `answer ${turn} ${'y'.repeat(60)}` });
    }
    messages.push({ role: 'user', content: 'the last one' });
    expect(textOf(await reply({ messages, tools: [], maxTokens: 64 }))).toBe('Fine.');
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.at(-1)?.messages.at(-1)).toEqual({ role: 'user', content: 'the last one' });
    expect(asked.at(-1)!.messages.length).toBeLessThan(messages.length);
  });

  it('is refused in words where even the last exchange does not fit', async () => {
    const { reply } = scripted(['Fine.'], 100);
    await expect(reply(ask('x'.repeat(500)))).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('fewer words'),
    });
  });
});

describe('[AHEAD-3] reading ahead', () => {
  /** As much of WebLLM's pipeline as reading needs, with a token for each letter. */
  function pipeline(onChunk = () => {}) {
    const read: number[] = [];
    const state = {
      filledKVCacheLength: 0,
      finishReason: undefined as string | undefined,
      conversation: {
        override_system_message: undefined as string | undefined,
        config: { system_prefix_token_ids: [7] },
        appendMessage: (role: string, content: string) => void parts.push(`${role}:${content}`),
        getPromptArray: () => [state.conversation.override_system_message ?? '', ...parts],
      },
      tokenizer: { encode: (text: string) => Int32Array.from(text, (letter) => letter.charCodeAt(0)) },
      resetChat() {
        read.length = 0;
        parts.length = 0;
        state.filledKVCacheLength = 0;
        state.finishReason = undefined;
      },
      async forwardKnownTokens(ids: readonly number[]) {
        read.push(...ids);
        state.filledKVCacheLength += ids.length;
        onChunk();
        return { dispose() {} };
      },
      async sync() {},
    };
    const parts: string[] = [];
    return { state, read, model: state as unknown as Pipeline };
  }
  const messages: LibraryMessage[] = [
    { role: 'system', content: 'S' },
    { role: 'user', content: 'u'.repeat(400) },
    { role: 'assistant', content: 'a' },
  ];

  it('leaves the conversation as if its last reply had just ended', async () => {
    const { state, read, model } = pipeline();
    expect(await readAhead(model, messages, 1000, never)).toBe(true);
    expect(state.finishReason).toBe('stop');
    expect(String.fromCharCode(...read.slice(1))).toBe(`Suser:${'u'.repeat(400)}assistant:a`);
    expect(read[0]).toBe(7);
  });

  it('leaves nothing behind when it is given up in the middle', async () => {
    const controller = new AbortController();
    const { state, read, model } = pipeline(() => controller.abort());
    await expect(readAhead(model, messages, 1000, controller.signal)).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(state).toMatchObject({ filledKVCacheLength: 0, finishReason: undefined });
    expect(read).toEqual([]);
  });

  it('does not begin what does not fit', async () => {
    const { state, read, model } = pipeline();
    expect(await readAhead(model, messages, 400, never)).toBe(false);
    expect(state.finishReason).toBeUndefined();
    expect(read).toEqual([]);
  });
});

describe('[WEBLLM-5] what WebLLM throws', () => {
  const model = { name: 'Micro', modelId: 'micro/chat' };
  const thrown = (name: string, message = ''): Error => Object.assign(new Error(message), { name });

  it.each([
    ['WebGPUNotAvailableError', '', 'gpu.unavailable'],
    ['ShaderF16SupportError', '', 'gpu.unavailable'],
    ['GPUPipelineError', 'expected ;', 'gpu.unavailable'],
    [
      'Error',
      'Cannot initialize runtime because of requested maxBufferSize exceeds limit.',
      'gpu.unavailable',
    ],
    ['DeviceLostError', '', 'gpu.lost'],
    ['CompileError', 'expected magic word', 'model.corrupt'],
    ['LinkError', 'import object field', 'model.corrupt'],
    ['RangeError', 'Array buffer allocation failed', 'engine.failed'],
    ['Error', 'Cannot find required VM function `decode`', 'model.corrupt'],
    ['Error', 'Invalid kv_cache ABI. Require either `prefill`+`decode`', 'model.corrupt'],
    ['Error', 'Cannot find TVMFFIFunctionCall in exports', 'model.corrupt'],
  ])('at the start, %s %s, becomes %s', (name, message, code) => {
    const error = toStartError(thrown(name, message), false, model, 'program.wasm');
    expect(error).toMatchObject({ code });
    expect(error.message).toMatch(/choose|restore|reload|instead/i);
  });

  it('means a lost GPU where the GPU is lost, whatever it says', () => {
    expect(toStartError(new TypeError('x'), true, model, '')).toMatchObject({ code: 'gpu.lost' });
    expect(toReplyError(new TypeError('x'), true, model)).toMatchObject({
      code: 'gpu.lost',
      retryable: true,
    });
    expect(toReplyError(new TypeError('x'), false, model)).toMatchObject({ code: 'engine.failed' });
  });

  it('stays what it is where it is said in words already', () => {
    const known = new AppError('model.missing', 'A file is missing.');
    expect(toStartError(known, true, model, '')).toBe(known);
  });
});
