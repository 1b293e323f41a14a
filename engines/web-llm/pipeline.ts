import type { MLCEngine } from '@mlc-ai/web-llm';

/**
 * What is used of the state of @mlc-ai/web-llm 0.2.86 that is not part of its interface, which can neither read ahead nor
 * take anything back. Where it is not as expected, nothing is done with it.
 */
export interface Pipeline {
  kvCache: unknown;
  filledKVCacheLength: number;
  finishReason: string | undefined;
  conversation: {
    messages: unknown[];
    override_system_message: string | undefined;
    config: { system_prefix_token_ids?: readonly number[] | null };
    appendMessage(role: 'user' | 'assistant', content: string): void;
    /** The whole prompt, in the parts that are turned into tokens one by one. */
    getPromptArray(): string[];
  };
  tokenizer: { encode(text: string): Int32Array };
  tvm: {
    withNewScope(action: () => void): void;
    getGlobalFunc(name: string): (...args: unknown[]) => void;
    scalar(value: number, type: string): unknown;
  };
  resetChat(): void;
  forwardKnownTokens(ids: readonly number[], isPrefill: boolean): Promise<{ dispose(): void } | undefined>;
  /** Waits for the GPU. */
  sync(): Promise<void>;
}

/** @returns undefined for models that keep another state than keys and values, or a sliding window of them */
export function pipelineOf(engine: MLCEngine, modelId: string): Pipeline | undefined {
  const { loadedModelIdToPipeline } = engine as unknown as {
    loadedModelIdToPipeline: ReadonlyMap<
      string,
      Pipeline & { kvStateKind: string; slidingWindowSize: number }
    >;
  };
  const pipeline = loadedModelIdToPipeline.get(modelId);
  return pipeline?.kvStateKind === 'kv_cache' && pipeline.slidingWindowSize === -1 ? pipeline : undefined;
}
