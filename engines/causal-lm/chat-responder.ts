import type { PreTrainedTokenizer } from '@huggingface/transformers';
import { throwIfAborted } from '../../core/errors.ts';
import type { ReplyPart, ReplyRequest, Responder } from '../../core/stages/stage.ts';
import { newCallId } from '../call-id.ts';
import { describeEngine, type EngineConfig } from '../engine-config.ts';
import { createLoadable } from '../loadable.ts';
import { atOnce, type Pace } from '../pace.ts';
import { produce } from '../produce.ts';
import { createToolCallParser } from '../tool-call-parser.ts';
import { openModel, type ModelOpener } from '../transformers-env.ts';
import { createTurnstile } from '../turnstile.ts';
import type { ChatModel } from './chat-model.ts';
import { buildPrompt } from './chat-prompt.ts';
import { createTextStream } from './text-stream.ts';

/** Tokens that are markers of a tool call or of reasoning, special or not in a given tokenizer. */
const MARKERS = new Set(['<tool_call>', '</tool_call>', '<think>', '</think>']);

/**
 * Replies of a chat model. The prompt's beginning that it has read before is not read again. One reply at a time; an
 * aborted one lets the next begin within a token.
 *
 * @param pace awaited before each step
 */
export function createChatResponder(
  config: EngineConfig,
  open: (opener: ModelOpener) => Promise<ChatModel>,
  pace = atOnce,
): Responder {
  const turnstile = createTurnstile();
  const loadable = createLoadable(config.name, (onProgress, signal) =>
    openModel(config, onProgress, signal, open),
  );

  /** Works with the model when it is free, on a request whose audio it has heard. */
  function withModel(
    request: ReplyRequest,
    signal: AbortSignal,
    work: (model: ChatModel, heard: ReplyRequest, signal: AbortSignal) => Promise<unknown>,
  ): Promise<void> {
    return turnstile.run(signal, async (running) => {
      const { model, failure } = loadable.get();
      try {
        await work(model, model.hear ? await model.hear(request, running) : request, running);
      } catch (error) {
        throw failure(error);
      }
    });
  }

  return {
    describe: async () => describeEngine(config),
    load: loadable.load,
    dispose: () => turnstile.clear(loadable.dispose),
    prepare: (request, signal) =>
      withModel(request, signal, (model, heard, running) =>
        model.decoder.next(buildPrompt(model.chat, heard, model.contextTokens).ids, running),
      ),
    reply: (request, signal) =>
      produce<ReplyPart>(signal, (emit, stopped) =>
        withModel(request, stopped, (model, heard, running) =>
          generate(model, heard, { emit, pace }, running),
        ),
      ),
  };
}

async function generate(
  model: ChatModel,
  request: ReplyRequest,
  { emit, pace }: { emit: (part: ReplyPart) => void; pace: Pace },
  signal: AbortSignal,
): Promise<void> {
  const prompt = buildPrompt(model.chat, request, model.contextTokens);
  const parser = createToolCallParser({ bareJson: request.tools.length > 0, newId: newCallId });
  const text = createTextStream((ids) =>
    model.tokenizer.decode(ids, { clean_up_tokenization_spaces: false }),
  );
  const say = (piece: string): void => parser.push(piece).forEach(emit);
  if (prompt.text.trimEnd().endsWith('<think>')) say('<think>');

  const ids = [...prompt.ids];
  for (let count = 0; count < prompt.maxTokens; count++) {
    await pace(signal);
    const logits = await model.decoder.next(ids, signal);
    throwIfAborted(signal);
    const id = model.sample(logits, ids);
    if (model.stopIds.has(id)) break;
    ids.push(id);
    if (!model.specialIds.has(id)) say(text.push(id));
    else say(text.flush() + markerOf(model.tokenizer, id));
  }
  say(text.flush());
  parser.end().forEach(emit);
}

function markerOf(tokenizer: PreTrainedTokenizer, id: number): string {
  const content = tokenizer.decode([id], { skip_special_tokens: false });
  return MARKERS.has(content) ? content : '';
}
