import { createFrameCutter } from '../../core/audio/frame-cutter.ts';
import { mixToMono } from '../../core/audio/mono.ts';
import type { CaptureFrame, CaptureLevel, CaptureRequest } from './worklet-messages.ts';

const LEVELS_PER_SECOND = 20;
/** What was played is sent until its echo is over: longer than the echo canceller looks back. */
const ECHO_TAIL_S = 1;

/**
 * Turns the microphone (input 0) into frames for voice activity detection, off the main thread: mixes to mono,
 * resamples to 16 kHz and sends 512 samples at a time to the port it was given, so that the page never touches the
 * audio. What the page plays meanwhile (input 1) goes with them, sample by sample.
 */
class CaptureProcessor extends AudioWorkletProcessor implements AudioWorkletProcessorImpl {
  readonly #cutter = createFrameCutter(sampleRate);
  readonly #referenceCutter = createFrameCutter(sampleRate);
  #reference: Float32Array<ArrayBuffer> | undefined;
  #soundedS = Number.NEGATIVE_INFINITY;
  readonly #levelSamples = sampleRate / LEVELS_PER_SECOND;
  #mono = new Float32Array(128);
  #frames: MessagePort | undefined;
  /** Page clock minus context time. */
  #offsetMs = 0;
  #running = true;
  #power = 0;
  #powerSamples = 0;

  constructor() {
    super();
    this.port.addEventListener('message', (event: MessageEvent<CaptureRequest>) => this.#obey(event.data));
    this.port.start();
  }

  process(inputs: Float32Array[][]): boolean {
    const [microphone = [], played = []] = inputs;
    const length = microphone[0]?.length ?? this.#mono.length;
    if (this.#mono.length !== length) this.#mono = new Float32Array(length);
    // First, so that the frame is there when the microphone's is complete: both cutters see the same samples.
    mixToMono(played, this.#mono);
    if (this.#mono.some((sample) => sample !== 0)) this.#soundedS = currentTime;
    this.#referenceCutter.push(this.#mono, this.#keep);
    // A microphone that sends nothing counts as silent, so that time goes on.
    mixToMono(microphone, this.#mono);
    this.#measure();
    this.#cutter.push(this.#mono, this.#send);
    return this.#running;
  }

  #obey(request: CaptureRequest): void {
    if (request.type === 'clock') {
      this.#offsetMs = request.epochMs - request.contextTimeS * 1000;
    } else if (request.type === 'frames') {
      this.#frames = request.port;
    } else {
      this.#running = false;
      this.#frames?.close();
      this.port.close();
    }
  }

  #measure(): void {
    for (const sample of this.#mono) this.#power += sample * sample;
    this.#powerSamples += this.#mono.length;
    if (this.#powerSamples < this.#levelSamples) return;
    const rms = Math.sqrt(this.#power / this.#powerSamples);
    const { port } = this;
    port.postMessage({ type: 'level', rms } satisfies CaptureLevel);
    this.#power = 0;
    this.#powerSamples = 0;
  }

  readonly #keep = (samples: Float32Array<ArrayBuffer>): void => {
    this.#reference = samples;
  };

  readonly #send = (samples: Float32Array<ArrayBuffer>, lagMs: number): void => {
    const endS = currentTime + this.#mono.length / sampleRate;
    const atMs = endS * 1000 - lagMs + this.#offsetMs;
    const reference = currentTime - this.#soundedS < ECHO_TAIL_S ? this.#reference : undefined;
    const frame: CaptureFrame = { type: 'frame', samples, ...(reference && { reference }), atMs };
    this.#frames?.postMessage(frame, [samples.buffer, ...(reference ? [reference.buffer] : [])]);
  };
}

registerProcessor('parley-capture', CaptureProcessor);
