/** Sends everything that reaches the loudspeaker to the test, with the frame of its first sample. */
class Recorder extends AudioWorkletProcessor {
  process(inputs) {
    const samples = inputs[0]?.[0];
    if (samples) this.port.postMessage({ frame: currentFrame, samples });
    return true;
  }
}

registerProcessor('recorder', Recorder);
