import { MLCEngine } from '@mlc-ai/web-llm';
import { AppError, throwIfAborted } from '../../core/errors.ts';
import type { OnProgress } from '../../core/stages/stage.ts';
import type { WebLlmConfig } from './config.ts';
import { toReplyError, toStartError } from './failure.ts';
import { claimGpu } from './gpu.ts';
import { LIBRARY_URL, MODEL_URL, openModelSource } from './model-source.ts';
import { pipelineOf } from './pipeline.ts';
import { readAhead } from './read-ahead.ts';
import { createReading } from './reading.ts';
import { rewindPoint } from './rewind.ts';
import { callGrammar } from './tool-format.ts';
import { createWording } from './wording.ts';
import type { OpenChat } from './write-reply.ts';

/**
 * The window that WebLLM's own list gives each of these models (0.2.86, `overrides`), and that the memory in the
 * catalogue is for: their configurations name up to 131,072 tokens, all of which would be allocated at once.
 */
const MAX_CONTEXT_TOKENS = 4096;

/** What is read of mlc-chat-config.json. */
interface ChatConfig {
  context_window_size: number;
  sliding_window_size: number;
  model_type?: string;
}

/** An open model and how to part from it. */
export interface Opened {
  chat: OpenChat;
  /** What to throw for an error of a reply. */
  failure(error: unknown): Promise<AppError>;
  close(): Promise<void>;
}

/**
 * Opens a model with WebLLM in a worker: nothing is asked of any other origin, nothing is logged, and every file is
 * checked before it is used.
 * @throws AppError `gpu.unavailable`, `gpu.lost`, `model.missing`, `model.corrupt`, `engine.failed`, `aborted`.
 */
export async function openChat(
  config: WebLlmConfig,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Opened> {
  const gpu = await claimGpu(config);
  const source = openModelSource(config, onProgress, signal);
  try {
    const settings = await source.readJson<ChatConfig>('mlc-chat-config.json');
    const { overrides, contextTokens } = windowOf(settings);
    const record = { model: MODEL_URL, model_id: config.modelId, model_lib: LIBRARY_URL, overrides };
    const engine = new MLCEngine({ appConfig: { model_list: [record] }, logLevel: 'SILENT' });
    await engine.reload(config.modelId);
    throwIfAborted(signal);
    const pipeline = pipelineOf(engine, config.modelId);
    const thinks = settings.model_type === 'qwen3';
    const chat: OpenChat = {
      library: engine,
      contextTokens,
      thinks,
      wording: createWording(),
      reading: createReading(),
      rewindPoint: () => pipeline && rewindPoint(pipeline),
      readAhead: async (messages, stopped) =>
        pipeline !== undefined && readAhead(pipeline, messages, contextTokens, stopped),
    };
    await warmUp(engine);
    throwIfAborted(signal);
    return {
      chat,
      failure: async (error) =>
        error instanceof AppError ? error : toReplyError(error, await gpu.isLost(), config),
      close: () => engine.unload(),
    };
  } catch (error) {
    const isLost = !signal.aborted && (await gpu.isLost());
    gpu.destroy();
    throwIfAborted(signal);
    throw toStartError(error, isLost, config, source.lastFile());
  } finally {
    source.close();
    gpu.handedOver();
  }
}

/** A model with a sliding window has no other. */
function windowOf({ context_window_size, sliding_window_size }: ChatConfig): {
  overrides: { context_window_size?: number };
  contextTokens: number;
} {
  if (context_window_size < 0) return { overrides: {}, contextTokens: sliding_window_size };
  const contextTokens = Math.min(context_window_size, MAX_CONTEXT_TOKENS);
  return { overrides: { context_window_size: contextTokens }, contextTokens };
}

/** One token: what the first reply would otherwise wait for, the grammar of calls included. */
async function warmUp(engine: MLCEngine): Promise<void> {
  const tool = { name: 'none', description: '', parameters: { type: 'object', properties: {} } };
  await engine.chat.completions.create({
    messages: [{ role: 'user', content: 'Hello' }],
    max_tokens: 1,
    response_format: { type: 'structural_tag', structural_tag: callGrammar([tool]) },
  });
}
