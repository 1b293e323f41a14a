/** Held while the voice computes on the graphics chip. Web Locks are the one thing that all threads of a page share. */
const VOICE_LOCK = 'parley-voice-on-gpu';
/** A voice that takes longer for one piece of sound is not quick enough to be waited for. */
const PATIENCE_MS = 250;

/** Lets the voice go first on the one graphics chip that it shares with the language model. */
export interface GpuArbiter {
  /**
   * The same stream; each of its steps counts as work of the voice. Between two steps, when the loudspeaker has enough,
   * the graphics chip is free.
   */
  asVoice<T>(stream: AsyncIterable<T>): AsyncGenerator<T, void, void>;
  /** To be awaited before each step of a language model: until the voice has done the piece it is at, or too long. */
  letVoiceFirst(signal: AbortSignal): Promise<void>;
}

/** Insecure contexts have no locks: nobody waits for anybody there. */
const pageLocks = (navigator.locks as LockManager | undefined) ?? null;

export function createGpuArbiter(locks: LockManager | null = pageLocks): GpuArbiter {
  /** @returns the function that lets go */
  function hold(): Promise<() => void> {
    if (locks === null) return Promise.resolve(() => {});
    return new Promise((resolve, reject) => {
      locks.request(VOICE_LOCK, () => new Promise<void>((release) => resolve(release))).catch(reject);
    });
  }

  return {
    async *asVoice(stream) {
      const items = stream[Symbol.asyncIterator]();
      try {
        for (;;) {
          const letGo = await hold();
          const next = await items.next().finally(letGo);
          if (next.done) return;
          yield next.value;
        }
      } finally {
        void items.return?.();
      }
    },
    async letVoiceFirst(signal) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
      await locks?.request(VOICE_LOCK, { mode: 'shared', signal: patience }, () => {}).catch(() => {});
    },
  };
}
