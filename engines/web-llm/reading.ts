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
  /**
   * The library is about to read a prompt: all of it, or its last message only. Until it has ended a reply by itself, it
   * holds nothing to go on from.
   */
  begin(messages: readonly LibraryMessage[]): 'whole' | 'last';
  /** The tokens that the library counted: of the whole prompt, or of its last message where it held the others. */
  counted(promptTokens: number): void;
  /** The reply came to its own end, and the next prompt may go on from there. */
  ended(raw: string): void;
  /** The library is back where it was before it read the last message. */
  rewound(): void;
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
    begin(messages) {
      isWhole = !isExtension(held, messages);
      prompt = messages;
      held = [];
      return isWhole ? 'whole' : 'last';
    },
    counted(promptTokens) {
      const bytes = bytesOf(prompt);
      if (isWhole && bytes >= MIN_LEARNT_BYTES) bytesPerToken = bytes / promptTokens;
    },
    ended: (raw) => void (held = [...prompt, { role: 'assistant', content: raw }]),
    rewound: () => void (held = prompt.slice(0, -1)),
    refused: () => void (bytesPerToken *= REFUSED_FACTOR),
  };
}

/**
 * Whether the library reads only the last of `messages`: where the others are exactly what it holds, the last reply
 * included, its keys and values stay valid.
 */
export function isExtension(held: readonly LibraryMessage[], messages: readonly LibraryMessage[]): boolean {
  if (held.length === 0 || held.length !== messages.length - 1) return false;
  return held.every(({ role, content }, at) => {
    const message = messages[at];
    return message?.role === role && message.content === content;
  });
}

function bytesOf(messages: readonly LibraryMessage[]): number {
  return messages.reduce((sum, { content }) => sum + new TextEncoder().encode(content).length, 0);
}
