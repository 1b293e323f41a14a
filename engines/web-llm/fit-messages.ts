import { fitContext } from '../../core/chat/context.ts';
import type { ReplyRequest } from '../../core/stages/stage.ts';
import { toLibraryMessages, type LibraryMessage } from './chat-messages.ts';
import type { OpenChat } from './write-reply.ts';

/**
 * The messages of a request in the library's form, as many as fit.
 * @param limit in tokens; half of the window belongs to the reply if it asks for so much
 */
export function fitMessages(
  { wording, reading, contextTokens }: Pick<OpenChat, 'wording' | 'reading' | 'contextTokens'>,
  { messages, tools, maxTokens }: ReplyRequest,
  limit = contextTokens - Math.min(maxTokens, Math.floor(contextTokens / 2)),
): LibraryMessage[] {
  const inForm = (candidate: ReplyRequest['messages']): LibraryMessage[] =>
    toLibraryMessages({ messages: candidate, tools }, wording);
  const countTokens = (candidate: ReplyRequest['messages']): number => reading.countTokens(inForm(candidate));
  return inForm(fitContext(messages, { countTokens, limit }));
}
