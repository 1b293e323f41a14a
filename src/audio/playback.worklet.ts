import type { StreamReply, StreamRequest } from '../../boundary/stream-protocol.ts';
import type { WireError } from '../../boundary/wire-error.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import { createPlaybackQueue } from '../../core/audio/playback-queue.ts';
import { AppError } from '../../core/errors.ts';
import type { PlaybackReport, PlaybackRequest } from './worklet-messages.ts';

type EnqueueRequest = PlaybackRequest & { type: 'enqueue' };

/** The loudspeaker off the main thread: pulls each clip's audio from its own port and plays the queue. */
class PlaybackProcessor extends AudioWorkletProcessor implements AudioWorkletProcessorImpl {
  readonly #queue = createPlaybackQueue(sampleRate, (report) => this.#report(report));

  constructor() {
    super();
    this.port.addEventListener('message', (event: MessageEvent<PlaybackRequest>) => this.#obey(event.data));
    this.port.start();
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0];
    if (output) this.#queue.render(output, currentFrame);
    return true;
  }

  #report(report: PlaybackReport): void {
    const { port } = this;
    port.postMessage(report);
  }

  #obey(request: PlaybackRequest): void {
    switch (request.type) {
      case 'enqueue':
        this.#enqueue(request);
        break;
      case 'release':
        this.#queue.release(request.turn);
        break;
      case 'hold':
        this.#queue.hold(request.turn);
        break;
      case 'stop':
        this.#queue.stop(request.turn);
        break;
      case 'duck':
        this.#queue.duck(request.active);
    }
  }

  #enqueue({ turn, clause, port, lost }: EnqueueRequest): void {
    const ask = (request: StreamRequest): void => port.postMessage(request);
    const leave = (): void => {
      port.close();
      lost.postMessage('over');
      lost.close();
    };
    const input = this.#queue.enqueue(turn, clause, {
      next: () => ask({ type: 'next' }),
      cancel() {
        ask({ type: 'return' });
        leave();
      },
    });
    const fail = ({ code, message, retryable }: WireError): void => {
      leave();
      input.error(new AppError(code, message, { retryable }));
    };
    port.addEventListener('message', ({ data }: MessageEvent<StreamReply>) => {
      if (data.type === 'value') {
        input.value(data.value as Pcm);
      } else if (data.type === 'done') {
        leave();
        input.done();
      } else fail(data);
    });
    lost.addEventListener('message', ({ data }: MessageEvent<WireError>) => fail(data));
    port.start();
    lost.start();
  }
}

registerProcessor('parley-playback', PlaybackProcessor);
