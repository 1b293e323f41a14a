/**
 * One turn on one clock (milliseconds of the session's clock). The latency display, metrics and benchmarks all read
 * this record. A mark is absent when its moment never came (typed turns have no speech).
 */
export interface TurnTrace {
  turn: number;
  /** End of the last speech frame, as the VAD saw it. */
  speechEndMs?: number;
  /** The soft pause was noticed: work begins. */
  pauseMs?: number;
  /** Work on the answer that was kept began. */
  aheadMs?: number;
  /** The turn was taken. */
  endpointMs?: number;
  transcriptMs?: number;
  /** Of the reply that was spoken; after a tool call, of the reply to its result. */
  firstTokenMs?: number;
  firstClauseMs?: number;
  firstChunkMs?: number;
  firstAudibleMs?: number;
  /** The interrupting speech: onset, and the moment playback fell silent. */
  bargeInOnsetMs?: number;
  bargeInSilentMs?: number;
  /** How often the loudspeaker ran dry in the middle of the reply. */
  underruns?: number;
}
