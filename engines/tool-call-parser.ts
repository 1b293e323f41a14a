import type { ReplyPart, ToolCall } from '../core/stages/stage.ts';

/** Name of a call that could not be read at all: no tool has it, so the model is told that it does not exist. */
export const UNREADABLE_CALL = 'invalid';

const OPEN_CALL = '<tool_call>';
const CLOSE_CALL = '</tool_call>';
const OPEN_THOUGHT = '<think>';
const CLOSE_THOUGHT = '</think>';

/** Splits what a model writes into text for the person and calls of tools. */
export interface ToolCallParser {
  push(text: string): ReplyPart[];
  /** The reply is over: whatever was held back comes out. */
  end(): ReplyPart[];
}

/**
 * Understands `<tool_call>{…}</tool_call>` anywhere in a reply (Hermes, Qwen) and a reply that is nothing but
 * `{"name": …, "parameters" | "arguments": …}` (Llama 3). Reasoning in `<think>…</think>` is dropped. Markers may come
 * in pieces; text that could be the beginning of one waits. JSON that cannot be read becomes a call all the same, with
 * the raw text as its arguments, so that the conversation can answer the model with an error.
 */
export function createToolCallParser(options: {
  /** Whether a bare JSON object may be a call: only where the model was offered tools. */
  bareJson: boolean;
  newId: () => string;
}): ToolCallParser {
  let mode: 'start' | 'text' | 'call' | 'thought' | 'json' = 'start';
  let buffer = '';

  function toCalls(raw: string): ReplyPart[] {
    return readCalls(raw).map((call) => ({ type: 'toolCall', call: { id: options.newId(), ...call } }));
  }

  function step(parts: ReplyPart[]): boolean {
    if (mode === 'start') {
      buffer = buffer.trimStart();
      if (buffer === '') return false;
      mode = options.bareJson && buffer.startsWith('{') ? 'json' : 'text';
      return true;
    }
    if (mode === 'json') return false;
    if (mode === 'text') {
      const call = buffer.indexOf(OPEN_CALL);
      const thought = buffer.indexOf(OPEN_THOUGHT);
      if (call < 0 && thought < 0) {
        const safe = buffer.length - heldBack(buffer, [OPEN_CALL, OPEN_THOUGHT]);
        pushText(parts, buffer.slice(0, safe));
        buffer = buffer.slice(safe);
        return false;
      }
      const isCall = thought < 0 || (call >= 0 && call < thought);
      const marker = isCall ? OPEN_CALL : OPEN_THOUGHT;
      const at = isCall ? call : thought;
      pushText(parts, buffer.slice(0, at));
      buffer = buffer.slice(at + marker.length);
      mode = isCall ? 'call' : 'thought';
      return true;
    }
    const close = mode === 'call' ? CLOSE_CALL : CLOSE_THOUGHT;
    const at = buffer.indexOf(close);
    if (at < 0) {
      if (mode === 'thought') buffer = buffer.slice(buffer.length - heldBack(buffer, [close]));
      return false;
    }
    if (mode === 'call') parts.push(...toCalls(buffer.slice(0, at)));
    buffer = buffer.slice(at + close.length);
    mode = 'start';
    return true;
  }

  return {
    push(text) {
      buffer += text;
      const parts: ReplyPart[] = [];
      while (step(parts));
      return parts;
    },
    end() {
      const rest = buffer;
      const ended = mode;
      buffer = '';
      mode = 'start';
      if (ended === 'call') return toCalls(rest);
      if (ended === 'json') return looksLikeCall(rest) ? toCalls(rest) : [{ type: 'text', text: rest }];
      return ended === 'text' && rest !== '' ? [{ type: 'text', text: rest }] : [];
    },
  };
}

function pushText(parts: ReplyPart[], text: string): void {
  if (text !== '') parts.push({ type: 'text', text });
}

/** Length of the longest end of `text` that is the beginning of a marker. */
function heldBack(text: string, markers: readonly string[]): number {
  let longest = 0;
  for (const marker of markers) {
    for (let length = Math.min(marker.length - 1, text.length); length > longest; length--) {
      if (marker.startsWith(text.slice(text.length - length))) longest = length;
    }
  }
  return longest;
}

/** A reply of bare JSON counts as a call when it names a tool; a person may also be given JSON to read. */
function looksLikeCall(raw: string): boolean {
  return /^\s*\{\s*"(type|name|function)"/.test(raw);
}

function readCalls(raw: string): Omit<ToolCall, 'id'>[] {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return [{ name: /"name"\s*:\s*"([^"\\]+)"/.exec(raw)?.[1] ?? UNREADABLE_CALL, arguments: raw.trim() }];
  }
  return (Array.isArray(value) ? value : [value]).map(readCall);
}

function readCall(value: unknown): Omit<ToolCall, 'id'> {
  const outer = isRecord(value) ? value : {};
  const call = isRecord(outer.function) ? outer.function : outer;
  if (typeof call.name !== 'string') return { name: UNREADABLE_CALL, arguments: value };
  return { name: call.name, arguments: readArguments(call.arguments ?? call.parameters ?? {}) };
}

/** Some models write the arguments as a string of JSON, as the OpenAI wire format does. */
function readArguments(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
