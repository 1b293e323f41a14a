import { createHmac } from 'node:crypto';
import { encodePcm16, wavHeader } from '../../core/audio/wav.ts';

/** A request that must be refused, and how. */
export interface BadRequest {
  name: string;
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  url: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  status: number | readonly number[];
}

const json = { 'content-type': 'application/json' };
const nothing = undefined;
const user = { role: 'user', content: 'Hello.' };
const chatBody = { model: 'parley', messages: [user] };
const speechBody = { model: 'parley', input: 'Hello.', voice: 'en-us' };

/** A body with one field replaced, or left out. */
function variants(
  url: string,
  body: object,
  fields: Readonly<Record<string, readonly unknown[]>>,
): BadRequest[] {
  return Object.entries(fields).flatMap(([field, values]) =>
    values.map((value, index): BadRequest => {
      const text = JSON.stringify({ ...body, [field]: value });
      const shown = JSON.stringify(value)?.slice(0, 60) ?? 'left out';
      return { name: `${url} ${field} ${index}: ${shown}`, url, headers: json, body: text, status: 400 };
    }),
  );
}

const audioPart = (data: unknown, format: unknown = 'wav'): unknown => [
  { role: 'user', content: [{ type: 'input_audio', input_audio: { data, format } }] },
];

const chat = variants('/v1/chat/completions', chatBody, {
  model: [nothing, null, 0, true, [], {}, ''],
  messages: [
    nothing,
    null,
    0,
    'Hello.',
    {},
    [],
    [null],
    [0],
    ['Hello.'],
    [[]],
    [{}],
    [{ role: 'user' }],
    [{ role: 'root', content: 'x' }],
    [{ role: 'USER', content: 'x' }],
    [{ content: 'x' }],
    ...[0, null, {}, true, [0], [null], ['x'], [{}], [{ type: 'text' }], [{ type: 'text', text: 1 }]].map(
      (content) => [{ role: 'user', content }],
    ),
    ...[{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }, { type: 'input_audio' }].map(
      (part) => [{ role: 'user', content: [part] }],
    ),
    [{ role: 'assistant', content: 'x', tool_calls: [{}] }],
    [
      {
        role: 'assistant',
        content: 'x',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: {} } }],
      },
    ],
    [{ role: 'tool', content: 'x' }],
    audioPart('~~~'),
    audioPart(''),
    audioPart('AAAA', 'mp3'),
    audioPart(7),
    audioPart(null),
    audioPart(Buffer.from('RIFF....WAVE').toString('base64')),
    audioPart(Buffer.from(wavHeader(0, 10)).toString('base64')),
  ],
  stream: ['yes', 1, {}, []],
  max_tokens: [0, -1, 1.5, '1', 1e12, [], {}],
  max_completion_tokens: [0, -1, 1.5, '1', 1e12],
  n: [0, 2, '1', -1, 1.5],
  tools: [
    {},
    'x',
    1,
    [0],
    [{}],
    [null],
    [{ type: 'code' }],
    [{ type: 'function' }],
    ...['', 'a b', 'a/b', 'x'.repeat(65), '../x', 'naïve'].map((name) => [
      { type: 'function', function: { name } },
    ]),
    [{ type: 'function', function: { name: 'f', parameters: 'x' } }],
    Array.from({ length: 200 }, () => ({ type: 'function', function: { name: 'f' } })),
  ],
  tool_choice: ['required', 'any', {}, 1, []],
  response_format: [{ type: 'json_object' }, { type: 'json_schema', json_schema: {} }, 'text', null],
  modalities: [['audio'], ['text', 'audio'], 'text'],
  logprobs: [true, 'yes', 1],
  stop: ['.', ['.']],
  functions: [[], [{ name: 'f' }]],
});

const speech = variants('/v1/audio/speech', speechBody, {
  model: [nothing, null, 0, [], ''],
  input: [nothing, null, 0, [], {}, '', 'x'.repeat(4097)],
  voice: [nothing, null, 0, [], {}, '', 'x'.repeat(65), { id: 1 }, { id: '' }],
  response_format: ['mp3', 'opus', 'flac', 'aac', 'exe', null, 0, {}],
  speed: [0, -1, 0.1, 5, '1', null, [], 1e99],
  stream_format: ['xml', null, 0],
});

const raw: BadRequest[] = ['/v1/chat/completions', '/v1/audio/speech'].flatMap((url) => [
  ...[
    '',
    ' ',
    '{',
    '{"model":',
    '[',
    '"x"',
    'null',
    '1',
    '[]',
    'undefined',
    "{'a':1}",
    '{"a":1}}',
    '\uFEFF',
    'NaN',
    '{"model":"x",}',
  ].map((body): BadRequest => ({
    name: `${url} raw ${JSON.stringify(body)}`,
    url,
    headers: json,
    body,
    status: 400,
  })),
  {
    name: `${url} deep`,
    url,
    headers: json,
    body: `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    status: 400,
  },
  {
    name: `${url} deep object`,
    url,
    headers: json,
    body: `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
    status: 400,
  },
  {
    name: `${url} prototype`,
    url,
    headers: json,
    body: '{"__proto__":{"admin":true},"model":"parley"}',
    status: 400,
  },
  {
    name: `${url} constructor`,
    url,
    headers: json,
    body: '{"constructor":{"prototype":{}},"model":"parley"}',
    status: 400,
  },
  { name: `${url} not UTF-8`, url, headers: json, body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), status: 400 },
  { name: `${url} zeros`, url, headers: json, body: Buffer.alloc(1000), status: 400 },
  { name: `${url} too large`, url, headers: json, body: `{"model":"${'x'.repeat(1_200_000)}"}`, status: 413 },
  ...[
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'image/png',
    'json',
  ].map((type): BadRequest => ({
    name: `${url} as ${type}`,
    url,
    headers: { 'content-type': type },
    body: JSON.stringify(chatBody),
    status: [400, 415],
  })),
]);

type Part = [name: string, value: string | Uint8Array, filename?: string];

function form(parts: readonly Part[]): Pick<BadRequest, 'headers' | 'body'> {
  const pieces = parts.flatMap(([name, value, filename]) => [
    Buffer.from(
      `--b\r\ncontent-disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n\r\n`,
    ),
    Buffer.from(value as Uint8Array),
    Buffer.from('\r\n'),
  ]);
  return {
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: Buffer.concat([...pieces, Buffer.from('--b--\r\n')]),
  };
}

const sound = encodePcm16(new Float32Array(1600).fill(0.1));

function wav(change: (bytes: Buffer) => void, data: Uint8Array = sound): Buffer {
  const bytes = Buffer.concat([wavHeader(16_000, data.length / 2), data]);
  change(bytes);
  return bytes;
}

const whole = wav(() => {});
const badFiles: [string, Uint8Array][] = [
  ...[0, 1, 4, 8, 11, 12, 20, 35, 43].map((length): [string, Buffer] => [
    `cut at ${length}`,
    whole.subarray(0, length),
  ]),
  ...[0, 3, 8, 255, 65_535].map((n): [string, Buffer] => [
    `${n} channels`,
    wav((bytes) => bytes.writeUInt16LE(n, 22)),
  ]),
  ...[0, 1, 7999, 192_001, 4_294_967_295].map((hz): [string, Buffer] => [
    `${hz} Hz`,
    wav((bytes) => bytes.writeUInt32LE(hz, 24)),
  ]),
  ...[0, 1, 7, 12, 48, 65_535].map((bits): [string, Buffer] => [
    `${bits} bits`,
    wav((bytes) => bytes.writeUInt16LE(bits, 34)),
  ]),
  ...[0, 2, 6, 7, 85, 65_534].map((code): [string, Buffer] => [
    `format ${code}`,
    wav((bytes) => bytes.writeUInt16LE(code, 20)),
  ]),
  ...[Number.NaN, Infinity, -Infinity].map((value): [string, Buffer] => [
    `samples of ${value}`,
    wav(
      (bytes) => {
        bytes.writeUInt16LE(3, 20);
        bytes.writeUInt16LE(32, 34);
      },
      new Uint8Array(new Float32Array(100).fill(value).buffer),
    ),
  ]),
  ['no data chunk', wav((bytes) => bytes.write('junk', 36))],
  ['a chunk without end', wav((bytes) => bytes.writeUInt32LE(0xffff_fff0, 16))],
  ['RIFX', wav((bytes) => bytes.write('RIFX', 0))],
  ['MP3', Buffer.from([0xff, 0xfb, 0x90, 0x44, ...Array.from({ length: 400 }, () => 0)])],
  ['Ogg', Buffer.concat([Buffer.from('OggS'), Buffer.alloc(200)])],
  ['gzip', Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(200)])],
  ['ZIP', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(200)])],
  ['text', Buffer.from('x'.repeat(1000))],
  ['longer than allowed', wav(() => {}, new Uint8Array(2 * 16_000 * 11))],
];

const url = '/v1/audio/transcriptions';
const file: Part = ['file', whole, 'a.wav'];
const model: Part = ['model', 'parley'];
const transcription: BadRequest[] = [
  ...badFiles.map(([name, bytes]): BadRequest => ({
    name: `${url} ${name}`,
    url,
    ...form([['file', bytes, 'a.wav'], model]),
    status: 400,
  })),
  { name: `${url} no file`, url, ...form([model]), status: 400 },
  { name: `${url} no model`, url, ...form([file]), status: 400 },
  { name: `${url} nothing`, url, ...form([]), status: 400 },
  { name: `${url} file as a field`, url, ...form([['file', 'x'], model]), status: 400 },
  { name: `${url} two files`, url, ...form([file, file, model]), status: 413 },
  {
    name: `${url} too large`,
    url,
    ...form([['file', Buffer.alloc(1_200_000), 'a.wav'], model]),
    status: 413,
  },
  {
    name: `${url} many fields`,
    url,
    ...form([file, model, ...Array.from({ length: 30 }, (_, n): Part => [`f${n}`, 'x'])]),
    status: 413,
  },
  {
    name: `${url} cut form`,
    url,
    headers: form([file]).headers!,
    body: (form([file]).body as Buffer).subarray(0, 300),
    status: 400,
  },
  {
    name: `${url} no boundary`,
    url,
    headers: { 'content-type': 'multipart/form-data' },
    body: 'x',
    status: [400, 406, 415],
  },
  { name: `${url} JSON`, url, headers: json, body: '{"model":"parley"}', status: 400 },
  { name: `${url} no body`, url, status: 400 },
  ...['', '0', 'english please', '../../etc', 'e', 'en_US', '<b>'].map((language): BadRequest => ({
    name: `${url} language ${language}`,
    url,
    ...form([file, model, ['language', language]]),
    status: 400,
  })),
  ...['srt', 'vtt', 'xml', '', 'JSON'].map((format): BadRequest => ({
    name: `${url} format ${format}`,
    url,
    ...form([file, model, ['response_format', format]]),
    status: 400,
  })),
  {
    name: `${url} times of words`,
    url,
    ...form([file, model, ['timestamp_granularities[]', 'word']]),
    status: 400,
  },
  ...['yes', '1', 'True'].map((stream): BadRequest => ({
    name: `${url} stream ${stream}`,
    url,
    ...form([file, model, ['stream', stream]]),
    status: 400,
  })),
];

const unknownModels = [
  'gpt-5',
  '../../etc/passwd',
  'PARLEY',
  'scripted',
  '\u0000',
  '{{7*7}}',
  "' OR 1=1 --",
  '💥',
  'a'.repeat(1000),
];
const models: BadRequest[] = unknownModels.flatMap((name) => [
  {
    name: `chat with model ${name.slice(0, 40)}`,
    url: '/v1/chat/completions',
    headers: json,
    body: JSON.stringify({ ...chatBody, model: name }),
    status: 404,
  },
  {
    name: `speech with model ${name.slice(0, 40)}`,
    url: '/v1/audio/speech',
    headers: json,
    body: JSON.stringify({ ...speechBody, model: name }),
    status: 404,
  },
]);

const paths: BadRequest[] = [
  ...[
    '/v1',
    '/v1/',
    '/v1/nothing',
    '/v1/models/none',
    '/v1/models/..%2f..%2fetc%2fpasswd',
    '/v1/models/%00',
    '/v1/../server/main.ts',
    '/v1//models',
    '/v1/chat',
    '/v1/audio',
    '/v1/files',
    '/v1/embeddings',
    '/api/v1',
    '/api/v1/nothing',
    '/api/v1/keys',
    '/api/v2/health',
    '/v1/models/%E0%A4%A',
    '/.parley/keys.json',
  ].map((path): BadRequest => ({ name: `GET ${path}`, method: 'GET', url: path, status: [400, 404] })),
  ...['/v1/chat/completions', '/v1/audio/speech', url].flatMap((path) =>
    (['GET', 'PUT', 'DELETE', 'PATCH'] as const).map((method): BadRequest => ({
      name: `${method} ${path}`,
      method,
      url: path,
      status: 404,
    })),
  ),
];

const origins: BadRequest[] = [
  'null',
  'https://evil.example',
  'http://localhost.evil.example',
  'http://localhost:1',
  'https://localhost:80@evil.example',
  'file://',
  'chrome-extension://abc',
  'http://127.0.0.1:9999',
  ' ',
].flatMap((origin) =>
  ['/v1/models', '/api/v1/metrics'].map((path): BadRequest => ({
    name: `${path} from ${origin}`,
    method: 'GET',
    url: path,
    headers: { origin, host: 'localhost:80' },
    status: 403,
  })),
);
const hosts: BadRequest[] = [
  'evil.example',
  'localhost.evil.example',
  '10.0.0.1',
  '127.0.0.1.evil.example:8787',
  '[::2]',
  'localhost:80:90',
  '@localhost',
].map((host): BadRequest => ({
  name: `host ${host}`,
  method: 'GET',
  url: '/v1/models',
  headers: { host },
  status: 403,
}));

/** Every one of these must be refused by a server that asks for no key. */
export const badRequests: readonly BadRequest[] = [
  ...chat,
  ...speech,
  ...raw,
  ...transcription,
  ...models,
  ...paths,
  ...origins,
  ...hosts,
];

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as anybody could write it, signed with `secret`. */
export function signToken(
  claims: object,
  secret: string,
  header: object = { alg: 'HS256', typ: 'JWT' },
): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
