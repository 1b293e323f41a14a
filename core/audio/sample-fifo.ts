/** Samples waiting to be played, first in first out. Reading allocates nothing. */
export interface SampleFifo {
  readonly length: number;
  /** Takes ownership of the chunk. */
  write(chunk: Float32Array): void;
  /** Moves up to `count` samples to `out` from `offset` on; answers with how many there were. */
  read(out: Float32Array, offset: number, count: number): number;
}

export function createSampleFifo(): SampleFifo {
  const chunks: Float32Array[] = [];
  let first = 0;
  let length = 0;
  return {
    get length() {
      return length;
    },
    write(chunk) {
      if (chunk.length === 0) return;
      chunks.push(chunk);
      length += chunk.length;
    },
    read(out, offset, count) {
      const wanted = Math.min(count, length);
      for (let done = 0; done < wanted;) {
        const chunk = chunks[0]!;
        const step = Math.min(wanted - done, chunk.length - first);
        for (let n = 0; n < step; n++) out[offset + done + n] = chunk[first + n]!;
        done += step;
        first += step;
        if (first < chunk.length) continue;
        chunks.shift();
        first = 0;
      }
      length -= wanted;
      return wanted;
    },
  };
}
