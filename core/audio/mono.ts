/** Writes the mean of the channels to `out`; silence where there are none. Channels are as long as `out`. */
export function mixToMono(channels: readonly Float32Array[], out: Float32Array): void {
  out.fill(0);
  for (const channel of channels) {
    for (let n = 0; n < out.length; n++) out[n] = out[n]! + channel[n]! / channels.length;
  }
}
