/**
 * What servers of other projects answer to a chat, in the shapes that their documentation and their issue trackers
 * show; the words are ours. Each says "The time is 3:42." or calls `get_time` for Paris.
 */

const sse = (lines: readonly string[], end = '\n\n'): string =>
  lines.map((line) => `data: ${line}${end}`).join('');
const chunkOf = (id: string, model: string, choices: unknown[], rest: object = {}): string =>
  JSON.stringify({ id, object: 'chat.completion.chunk', created: 1_750_000_000, model, ...rest, choices });
const choice = (delta: object, finish: string | null = null, rest: object = {}): object => ({
  index: 0,
  delta,
  ...rest,
  finish_reason: finish,
});

const vllm = (choices: unknown[], rest?: object): string =>
  chunkOf('chatcmpl-4f37bbba', 'meta-llama/Llama-3.1-8B-Instruct', choices, rest);
const ollama = (choices: unknown[]): string =>
  chunkOf('chatcmpl-554', 'llama3.1:8b', choices, { system_fingerprint: 'fp_ollama' });

export const textShapes: Readonly<Record<string, string>> = {
  'vLLM, with the usage after the end': sse([
    vllm([choice({ role: 'assistant', content: '' }, null, { logprobs: null })]),
    vllm([choice({ content: 'The time' }, null, { logprobs: null })]),
    vllm([choice({ content: ' is 3:42.' }, null, { logprobs: null })]),
    vllm([choice({ content: '' }, 'stop', { logprobs: null, stop_reason: null })]),
    vllm([], { usage: { prompt_tokens: 12, total_tokens: 20, completion_tokens: 8 } }),
    '[DONE]',
  ]),
  'vLLM, with empty lists of tool calls': sse([
    vllm([choice({ content: 'The time is ', tool_calls: [] })]),
    vllm([choice({ content: '3:42.', tool_calls: [] }, 'stop')]),
    '[DONE]',
  ]),
  'vLLM with a reasoning parser': sse([
    vllm([choice({ role: 'assistant', content: null, reasoning_content: 'They want the time.' })]),
    vllm([choice({ reasoning_content: ' I know it.' })]),
    vllm([choice({ content: 'The time is 3:42.' })]),
    vllm([choice({}, 'stop')]),
    '[DONE]',
  ]),
  Ollama: sse([
    ollama([choice({ role: 'assistant', content: 'The' })]),
    ollama([choice({ role: 'assistant', content: ' time is 3:42.' })]),
    ollama([choice({ role: 'assistant', content: '' }, 'stop')]),
    '[DONE]',
  ]),
  'a model that thinks aloud': sse([
    ollama([choice({ role: 'assistant', content: '<think>They want' })]),
    ollama([choice({ content: ' the time.</think>The time is 3:42.' })]),
    ollama([choice({}, 'stop')]),
    '[DONE]',
  ]),
  'a proxy with comments, event names and Windows line ends':
    `: OPENROUTER PROCESSING\r\n\r\nevent: message\r\n${sse([vllm([choice({ content: 'The time is 3:42.' })])], '\r\n\r\n')}` +
    `: keep-alive\r\n\r\n${sse([vllm([choice({}, 'stop')])], '\r\n\r\n')}`,
  'a server without spaces, without [DONE] and without a last line end': `data:${vllm([choice({ content: 'The time is 3:42.' })])}\n\ndata:${vllm([choice({}, 'stop')])}`,
};

const called = { name: 'get_time', arguments: '{"city": "Paris"}' };

export const callShapes: Readonly<Record<string, string>> = {
  'vLLM, in pieces': sse([
    vllm([choice({ role: 'assistant', content: '' })]),
    vllm([
      choice({
        tool_calls: [{ id: 'chatcmpl-tool-1', type: 'function', index: 0, function: { name: 'get_time' } }],
      }),
    ]),
    vllm([choice({ tool_calls: [{ index: 0, function: { arguments: '{"city": ' } }] })]),
    vllm([choice({ tool_calls: [{ index: 0, function: { arguments: '"Paris"}' } }] })]),
    vllm([choice({ content: '' }, 'tool_calls')]),
    '[DONE]',
  ]),
  'vLLM, with the name in every piece and no id': sse([
    vllm([choice({ tool_calls: [{ index: 0, function: { name: 'get_time', arguments: '{"city": ' } }] })]),
    vllm([choice({ tool_calls: [{ index: 0, function: { name: 'get_time', arguments: '"Paris"}' } }] })]),
    vllm([choice({}, 'tool_calls')]),
    '[DONE]',
  ]),
  'Ollama, in one piece': sse([
    ollama([
      choice({
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'call_x1', index: 0, type: 'function', function: called }],
      }),
    ]),
    ollama([choice({ role: 'assistant', content: '' }, 'tool_calls')]),
    '[DONE]',
  ]),
  'an older Ollama, without an index': sse([
    ollama([
      choice({
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'call_x1', type: 'function', function: called }],
      }),
    ]),
    ollama([choice({ role: 'assistant', content: '' }, 'stop')]),
    '[DONE]',
  ]),
  'arguments as an object': sse([
    ollama([
      choice({
        tool_calls: [
          { id: 'call_x1', index: 0, function: { name: 'get_time', arguments: { city: 'Paris' } } },
        ],
      }),
    ]),
    ollama([choice({}, 'tool_calls')]),
    '[DONE]',
  ]),
  'a server without a parser for tool calls': sse([
    vllm([choice({ content: '<tool_call>{"name": "get_time", ' })]),
    vllm([choice({ content: '"arguments": {"city": "Paris"}}</tool_call>' })]),
    vllm([choice({}, 'stop')]),
    '[DONE]',
  ]),
};

export const twoCalls = sse([
  ollama([
    choice({
      tool_calls: [
        { id: 'call_1', index: 0, type: 'function', function: called },
        {
          id: 'call_2',
          index: 0,
          type: 'function',
          function: { name: 'get_time', arguments: '{"city": "Oslo"}' },
        },
      ],
    }),
  ]),
  ollama([choice({}, 'tool_calls')]),
  '[DONE]',
]);

export const halfAStream = sse([vllm([choice({ role: 'assistant', content: 'The time is' })])]);

/** After the answer has begun, as vLLM does it. */
export const errorInStream =
  halfAStream +
  sse([
    '{"error": {"object": "error", "message": "EngineCore encountered an issue.", "code": 500}}',
    '[DONE]',
  ]);

export const errorBodies: readonly [name: string, status: number, body: string, code: string][] = [
  [
    'vLLM, a prompt too long',
    400,
    '{"object":"error","message":"maximum context length","type":"BadRequestError","param":null,"code":400}',
    'input.invalid',
  ],
  [
    'vLLM, no such model',
    404,
    '{"error":{"message":"The model does not exist.","type":"NotFoundError","param":null,"code":404}}',
    'model.missing',
  ],
  [
    'Ollama, no such model',
    404,
    '{"error":{"message":"model not found, try pulling it first","type":"api_error","param":null,"code":null}}',
    'model.missing',
  ],
  [
    'speaches, a model that is not installed',
    404,
    '{"detail":"Model is not installed locally."}',
    'model.missing',
  ],
  [
    'speaches, a form that does not fit',
    422,
    '{"detail":[{"type":"missing","loc":["body","file"],"msg":"Field required"}]}',
    'input.invalid',
  ],
  ['a wrong key', 401, '{"error":"Unauthorized"}', 'server.denied'],
  ['a proxy', 500, '<html><body><h1>Internal Server Error</h1></body></html>', 'server.unreachable'],
];
