/** Held while the voice computes on the graphics chip. Web Locks are the one thing that all threads of a page share. */
const VOICE_LOCK = 'parley-voice-on-gpu';
/** A voice that takes longer for one piece of sound is not quick enough to be waited for. */
const PATIENCE_MS = 250;

/** Lets the voice go first on the one graphics chip that it shares with the language model. */
export interface GpuArbiter {
  /** Does a piece of the voice's work. Between two pieces the graphics chip is free. */
  asVoice<T>(work: () => Promise<T>): Promise<T>;
  /** To be awaited before each step of a language model: until the voice has done the piece it is at, or too long. */
  letVoiceFirst(signal: AbortSignal): Promise<void>;
}

/** Insecure contexts have no locks: nobody waits for anybody there. */
const pageLocks = (navigator.locks as LockManager | undefined) ?? null;

export function createGpuArbiter(locks: LockManager | null = pageLocks): GpuArbiter {
  return {
    asVoice: (work) => (locks === null ? work() : locks.request(VOICE_LOCK, work)),
    async letVoiceFirst(signal) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
      await locks?.request(VOICE_LOCK, { mode: 'shared', signal: patience }, () => {}).catch(() => {});
    },
  };
}
