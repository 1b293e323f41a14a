import { onLost } from '../../boundary/stream-reader.ts';
import { takePort } from '../../boundary/stream-server.ts';
import { encodeError } from '../../boundary/wire-error.ts';
import { createChannel, type Channel } from '../../core/channel.ts';
import { toAppError } from '../../core/errors.ts';
import type { Clip, PlaybackEvent, Player } from '../../core/stages/player.ts';
import type { AudioSystem, OpenAudio } from './audio-system.ts';
import { pageNowMs } from './page-clock.ts';
import type { PlaybackReport, PlaybackRequest } from './worklet-messages.ts';

/**
 * The loudspeaker of the page. Audio that comes from another thread goes straight to the worklet; this thread sees
 * events only. The first clip opens the audio system; where that fails, each clip ends in `clip.failed` and the next
 * one tries again.
 */
export function createPlayer(audio: AudioSystem): Player {
  const channels = new Set<Channel<PlaybackEvent>>();
  let worklet: Promise<MessagePort> | undefined;
  let releasedTurn = -1;

  function emit(event: PlaybackEvent): void {
    for (const channel of channels) channel.push(event);
  }

  function connect({ context, output, clock }: OpenAudio): MessagePort {
    const node = new AudioWorkletNode(context, 'parley-playback', {
      numberOfInputs: 0,
      outputChannelCount: [1],
    });
    node.port.addEventListener('message', ({ data: report }: MessageEvent<PlaybackReport>) => {
      if (!('frame' in report)) return emit(report);
      const { frame, ...rest } = report;
      const timeS = frame / context.sampleRate;
      emit({
        ...rest,
        atMs: report.type === 'clip.ready' ? clock.toPageMs(timeS) : clock.toAudibleMs(timeS),
      });
    });
    node.port.start();
    node.connect(output);
    post(node.port, { type: 'release', turn: releasedTurn });
    return node.port;
  }

  function enqueue({ turn, clause, audio: stream }: Clip): void {
    const lost = watchLoss(stream);
    const port = takePort(stream);
    worklet ??= audio.open().then(connect);
    worklet.then(
      (opened) => post(opened, { type: 'enqueue', turn, clause, port, lost }, [port, lost]),
      (error: unknown) => {
        worklet = undefined;
        port.postMessage({ type: 'return' });
        port.close();
        lost.postMessage('over');
        const { code, message } = toAppError(error);
        emit({ type: 'clip.failed', turn, clause, code, message });
      },
    );
  }

  /** Keeps the order of the requests; before the first clip there is nobody to ask. */
  function ask(request: PlaybackRequest): void {
    worklet?.then(
      (opened) => post(opened, request),
      () => {},
    );
  }

  return {
    async *events(signal) {
      const channel = createChannel<PlaybackEvent>();
      const onAbort = (): void => channel.close();
      channels.add(channel);
      signal.addEventListener('abort', onAbort);
      try {
        yield* channel;
      } finally {
        channels.delete(channel);
        signal.removeEventListener('abort', onAbort);
      }
    },
    enqueue,
    release(turn) {
      releasedTurn = turn;
      ask({ type: 'release', turn });
    },
    hold(turn) {
      if (releasedTurn === turn) releasedTurn = -1;
      ask({ type: 'hold', turn });
    },
    stop(turn) {
      ask({ type: 'stop', turn });
      if (worklet) return;
      emit({ type: 'playback.stopped', turn, atMs: pageNowMs(), clause: -1, playedMs: 0 });
    },
    duck: () => ask({ type: 'duck', active: true }),
    unduck: () => ask({ type: 'duck', active: false }),
  };
}

/** A port that tells the worklet of the death of the stream's producer, until the worklet says that the clip is over. */
function watchLoss(stream: AsyncIterable<unknown>): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const stopWatching = onLost(stream, (error) => port1.postMessage(encodeError(error)));
  const onOver = (): void => {
    stopWatching();
    port1.close();
  };
  port1.addEventListener('message', onOver, { once: true });
  port1.start();
  return port2;
}

function post(port: MessagePort, request: PlaybackRequest, transfer: Transferable[] = []): void {
  port.postMessage(request, transfer);
}
