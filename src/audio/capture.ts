import type { OpenAudio } from './audio-system.ts';
import type { CaptureLevel, CaptureRequest } from './worklet-messages.ts';

export interface CaptureOptions {
  stream: MediaStream;
  /** Where frames go: messages `CaptureFrame`. Without it only the level is measured. */
  frames?: MessagePort;
  /** Root mean square of the last 50 ms, 0…1. */
  onLevel: (rms: number) => void;
}

/** Feeds a microphone to a capture worklet, with what the page plays beside it. @returns the function that stops it and closes the port of the frames. */
export function startCapture({ context, output, clock }: OpenAudio, options: CaptureOptions): () => void {
  const { stream, frames, onLevel } = options;
  const source = context.createMediaStreamSource(stream);
  const node = new AudioWorkletNode(context, 'parley-capture', { numberOfInputs: 2, numberOfOutputs: 0 });
  const ask = (request: CaptureRequest, transfer: Transferable[] = []): void =>
    node.port.postMessage(request, transfer);
  node.port.addEventListener('message', (event: MessageEvent<CaptureLevel>) => onLevel(event.data.rms));
  node.port.start();
  const unfollow = clock.follow((reading) => ask({ type: 'clock', ...reading }));
  if (frames) ask({ type: 'frames', port: frames }, [frames]);
  source.connect(node, 0, 0);
  output.connect(node, 0, 1);
  return () => {
    unfollow();
    ask({ type: 'stop' });
    source.disconnect();
    output.disconnect(node);
    onLevel(0);
  };
}
