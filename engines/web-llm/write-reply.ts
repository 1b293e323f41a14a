import type {
  ChatCompletionChunk,
  ChatCompletionMessageParam,
  ChatCompletionRequestStreaming,
} from '@mlc-ai/web-llm';
import { throwIfAborted } from '../../core/errors.ts';
import type { ReplyPart, ReplyRequest } from '../../core/stages/stage.ts';
import { newCallId } from '../call-id.ts';
import { atOnce, type Pace } from '../pace.ts';
import { promptTooLong } from '../prompt-too-long.ts';
import { createToolCallParser } from '../tool-call-parser.ts';
import type { LibraryMessage } from './chat-messages.ts';
import { fitMessages } from './fit-messages.ts';
import type { Reading } from './reading.ts';
import { callGrammar } from './tool-format.ts';
import type { Wording } from './wording.ts';

/** What replies need of WebLLM's engine. */
export interface ChatLibrary {
  chat: {
    completions: {
      create(request: ChatCompletionRequestStreaming): Promise<AsyncIterable<ChatCompletionChunk>>;
    };
  };
  interruptGenerate(): void | Promise<void>;
}

/** Takes a model back to where it was; false where that did not work and it will read everything anew. */
export type Rewind = () => boolean;

/** A model that is ready to reply. */
export interface OpenChat {
  library: ChatLibrary;
  contextTokens: number;
  /** It thinks before it answers unless it is told not to. */
  thinks: boolean;
  wording: Wording;
  reading: Reading;
  /** Remembers where the model is now; undefined where it cannot be taken back. */
  rewindPoint(): Rewind | undefined;
  /** Reads messages up to an answer; false where that did not work. @throws AppError `aborted`. */
  readAhead(messages: readonly LibraryMessage[], signal: AbortSignal): Promise<boolean>;
}

/**
 * Reads the conversation up to its last answer where the library does not hold it already, as after an interruption.
 * @throws AppError `aborted`; whatever the library throws.
 */
export async function prepareReply(
  chat: OpenChat,
  request: ReplyRequest,
  signal: AbortSignal,
): Promise<void> {
  const messages = fitMessages(chat, request);
  const answered = messages.slice(0, messages.findLastIndex(({ role }) => role === 'assistant') + 1);
  if (answered.length === 0 || chat.reading.holds(answered)) return;
  chat.reading.begin(answered);
  if (await chat.readAhead(answered, signal)) chat.reading.hold(answered);
}

/**
 * Has one reply written, greedily, so that the same conversation is answered alike. Where the conversation only grew
 * since the last reply, the library reads its last message alone; a reply that is given up leaves it as it was.
 * @throws AppError `aborted` after the token in work; while a prompt is read nothing can stop the library.
 * `input.invalid` where even the last exchange alone does not fit; whatever the library throws.
 */
export async function writeReply(
  chat: OpenChat,
  request: ReplyRequest,
  emit: (part: ReplyPart) => void,
  signal: AbortSignal,
  pace = atOnce,
): Promise<void> {
  for (;;) {
    const messages = fitMessages(chat, request);
    try {
      return await write(chat, messages, request, { emit, pace }, signal);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ContextWindowSizeExceededError')) throw error;
      if (messages.length === fitMessages(chat, request, 0).length) throw promptTooLong(error);
      chat.reading.refused();
    }
  }
}

async function write(
  { library, thinks, wording, reading, rewindPoint }: OpenChat,
  messages: readonly LibraryMessage[],
  { tools, maxTokens }: ReplyRequest,
  { emit, pace }: { emit: (part: ReplyPart) => void; pace: Pace },
  signal: AbortSignal,
): Promise<void> {
  const parser = createToolCallParser({ bareJson: tools.length > 0, newId: newCallId });
  const parts: ReplyPart[] = [];
  const say = (spoken: readonly ReplyPart[]): void => {
    parts.push(...spoken);
    spoken.forEach(emit);
  };
  const interrupt = (): void => void library.interruptGenerate();
  signal.addEventListener('abort', interrupt, { once: true });
  let raw = '';
  let finish: string | null | undefined;
  const rewind = reading.begin(messages) === 'last' ? rewindPoint() : undefined;
  try {
    const chunks = await library.chat.completions.create({
      messages: messages as ChatCompletionMessageParam[],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: maxTokens,
      temperature: 0,
      ...(tools.length > 0 && {
        response_format: { type: 'structural_tag', structural_tag: callGrammar(tools) },
      }),
      ...(thinks && { extra_body: { enable_thinking: false } }),
    });
    for await (const { choices, usage } of chunks) {
      throwIfAborted(signal);
      const text = choices[0]?.delta.content ?? '';
      raw += text;
      finish = choices[0]?.finish_reason ?? finish;
      if (usage) reading.counted(usage.prompt_tokens);
      say(parser.push(text));
      await pace(signal);
    }
    throwIfAborted(signal);
  } catch (error) {
    if (signal.aborted && rewind?.()) reading.hold(messages.slice(0, -1));
    throw error;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
  say(parser.end());
  wording.remember(parts, raw);
  if (finish === 'stop') reading.hold([...messages, { role: 'assistant', content: raw }]);
}
