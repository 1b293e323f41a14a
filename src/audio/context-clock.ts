import { pageNowMs } from './page-clock.ts';

const READ_EVERY_MS = 500;
/** Readings kept: four seconds, in which two crystals drift apart by less than half a millisecond. */
const READINGS = 8;

/** Translates times of an AudioContext into times of the page. */
export interface ContextClock {
  /** When the context computes its sample `timeS`. */
  toPageMs(timeS: number): number;
  /** When that sample leaves the loudspeaker, as far as the browser knows its output latency. */
  toAudibleMs(timeS: number): number;
  /** Called now and at every reading. @returns the function that ends it. */
  follow(listener: (reading: { contextTimeS: number; epochMs: number }) => void): () => void;
}

/**
 * The context's clock moves in steps of a hardware buffer, so that a reading is late by up to 10 ms: the earliest of
 * the latest readings is nearest to the truth. They begin anew when the context has stood still.
 */
export function createContextClock(context: AudioContext): ContextClock {
  let offsets: number[] = [];
  const listeners = new Set<() => void>();

  function read(): number {
    offsets = [...offsets.slice(1 - READINGS), pageNowMs() - context.currentTime * 1000];
    return Math.min(...offsets);
  }

  const timer = setInterval(() => {
    if (context.state !== 'running') return;
    for (const listener of listeners) listener();
  }, READ_EVERY_MS);
  context.addEventListener('statechange', () => {
    offsets = [];
    if (context.state === 'closed') clearInterval(timer);
  });

  const toPageMs = (timeS: number): number => read() + timeS * 1000;
  return {
    toPageMs,
    toAudibleMs: (timeS) => toPageMs(timeS) + outputLatencyMs(context),
    follow(listener) {
      const tell = (): void => listener({ contextTimeS: 0, epochMs: toPageMs(0) });
      listeners.add(tell);
      tell();
      return () => listeners.delete(tell);
    },
  };
}

/** Safari knows no `outputLatency`: there the context's own buffering stands for it. */
function outputLatencyMs(context: AudioContext): number {
  return ((context.outputLatency as number | undefined) ?? context.baseLatency) * 1000;
}
