import type { Pipeline } from './pipeline.ts';
import type { Rewind } from './write-reply.ts';

/** The one sequence that WebLLM keeps. */
const SEQUENCE = 0;

/**
 * Remembers what a model has read. WebLLM throws all of it away when a reply is interrupted, and Parley begins a reply at
 * every pause and gives it up when the person goes on: the conversation would be read anew each time. TVM can take the
 * last tokens back, so the interrupted round is undone, as if the reply before it had been the last.
 */
export function rewindPoint(pipeline: Pipeline): Rewind {
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
