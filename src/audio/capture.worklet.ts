import { createFrameCutter } from '../../core/audio/frame-cutter.ts';
import { mixToMono } from '../../core/audio/mono.ts';
import type { CaptureFrame, CaptureLevel, CaptureRequest } from './worklet-messages.ts';

const LEVELS_PER_SECOND = 20;

/**
 * Turns the microphone into frames for voice activity detection, off the main thread: mixes to mono, resamples to
 * 16 kHz and sends 512 samples at a time to the port it was given, so that the page never touches the audio.
 */
class CaptureProcessor extends AudioWorkletProcessor implements AudioWorkletProcessorImpl {
  readonly #cutter = createFrameCutter(sampleRate);
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
    const channels = inputs[0] ?? [];
    const length = channels[0]?.length ?? this.#mono.length;
    if (this.#mono.length !== length) this.#mono = new Float32Array(length);
    // A microphone that sends nothing counts as silent, so that time goes on.
    mixToMono(channels, this.#mono);
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

  readonly #send = (samples: Float32Array<ArrayBuffer>, lagMs: number): void => {
    const endS = currentTime + this.#mono.length / sampleRate;
    const atMs = endS * 1000 - lagMs + this.#offsetMs;
    this.#frames?.postMessage({ type: 'frame', samples, atMs } satisfies CaptureFrame, [samples.buffer]);
  };
}

registerProcessor('parley-capture', CaptureProcessor);
