import type { MLCEngine } from '@mlc-ai/web-llm';
import type { Rewind } from './write-reply.ts';

/** What is used of the state of @mlc-ai/web-llm 0.2.86 that is not part of its interface. */
interface Pipeline {
  kvStateKind: string;
  kvCache: unknown;
  slidingWindowSize: number;
  filledKVCacheLength: number;
  finishReason: string | undefined;
  conversation: { messages: unknown[] };
  tvm: {
    withNewScope(action: () => void): void;
    getGlobalFunc(name: string): (...args: unknown[]) => void;
    scalar(value: number, type: string): unknown;
  };
}

/** The one sequence that WebLLM keeps. */
const SEQUENCE = 0;

/**
 * Remembers what a model has read. WebLLM throws all of it away when a reply is interrupted, and Parley begins a reply at
 * every pause and gives it up when the person goes on: the conversation would be read anew each time. TVM can take the
 * last tokens back, so the interrupted round is undone, as if the reply before it had been the last.
 * @returns undefined where the model keeps a state that cannot be taken back
 */
export function rewindPoint(engine: MLCEngine, modelId: string): Rewind | undefined {
  const { loadedModelIdToPipeline } = engine as unknown as {
    loadedModelIdToPipeline: ReadonlyMap<string, Pipeline>;
  };
  const pipeline = loadedModelIdToPipeline.get(modelId);
  if (pipeline?.kvStateKind !== 'kv_cache' || pipeline.slidingWindowSize !== -1) return undefined;
  const { tvm, kvCache, filledKVCacheLength, finishReason } = pipeline;
  const messages = pipeline.conversation.messages.length;
  return () => {
    const tokens = pipeline.filledKVCacheLength - filledKVCacheLength;
    try {
      tvm.withNewScope(() => {
        const pop = tvm.getGlobalFunc('vm.builtin.kv_state_popn');
        pop(kvCache, tvm.scalar(SEQUENCE, 'int64'), tvm.scalar(tokens, 'int32'));
      });
    } catch {
      // The program was compiled without it, or the GPU is gone: WebLLM starts anew, as it would have.
      return false;
    }
    pipeline.filledKVCacheLength = filledKVCacheLength;
    pipeline.conversation.messages.length = messages;
    pipeline.finishReason = finishReason;
    return true;
  };
}
