/** Awaited between two steps of a language model, so that others get their turn on the same device. */
export type Pace = (signal: AbortSignal) => Promise<void>;

/** Nobody else wants the device. */
export const atOnce: Pace = () => Promise.resolve();

/** Does one run of a model, so that others can wait for it on the same device. */
export type During = <T>(work: () => Promise<T>) => Promise<T>;

/** Nobody waits for it. */
export const alone: During = (work) => work();
