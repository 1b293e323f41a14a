import type { LibraryMessage } from './chat-messages.ts';

/** Careful for all languages of Latin script; where it is not careful enough, the library refuses the prompt. */
const FIRST_BYTES_PER_TOKEN = 3;
/** Shorter prompts say more of the template's markers than of the text. */
const MIN_LEARNT_BYTES = 400;
/** How much shorter a prompt becomes that was refused. */
const REFUSED_FACTOR = 0.75;

/** What the library has read and written, and what that tells of the length of prompts. */
export interface Reading {
  /** About how many tokens a prompt takes. */
  countTokens(messages: readonly LibraryMessage[]): number;
  /** Whether the library holds exactly this. */
  holds(messages: readonly LibraryMessage[]): boolean;
  /** The library is about to read a prompt: all of it, or its last message only. Until told otherwise it holds nothing. */
  begin(messages: readonly LibraryMessage[]): 'whole' | 'last';
  /** The tokens that the library counted in what it read. */
  counted(promptTokens: number): void;
  /** The library holds this now, and can go on from there. */
  hold(messages: readonly LibraryMessage[]): void;
  /** The prompt was too long after all. */
  refused(): void;
}

export function createReading(): Reading {
  let bytesPerToken = FIRST_BYTES_PER_TOKEN;
  let held: readonly LibraryMessage[] = [];
  let prompt: readonly LibraryMessage[] = [];
  let isWhole = true;
  return {
    countTokens: (messages) => Math.ceil(bytesOf(messages) / bytesPerToken),
    holds: (messages) => isSame(held, messages),
    begin(messages) {
      isWhole = held.length === 0 || !isSame(held, messages.slice(0, -1));
      prompt = messages;
      held = [];
      return isWhole ? 'whole' : 'last';
    },
    counted(promptTokens) {
      const bytes = bytesOf(prompt);
      if (isWhole && bytes >= MIN_LEARNT_BYTES) bytesPerToken = bytes / promptTokens;
    },
    hold: (messages) => void (held = messages),
    refused: () => void (bytesPerToken *= REFUSED_FACTOR),
  };
}

/** The library goes on only from exactly what it holds: a difference of one letter, and it reads everything anew. */
function isSame(held: readonly LibraryMessage[], messages: readonly LibraryMessage[]): boolean {
  return (
    held.length === messages.length &&
    held.every(({ role, content }, at) => messages[at]?.role === role && messages[at].content === content)
  );
}

function bytesOf(messages: readonly LibraryMessage[]): number {
  return messages.reduce((sum, { content }) => sum + new TextEncoder().encode(content).length, 0);
}
