import { transfer } from 'comlink';
import { remoteLifeCycle } from '../../boundary/remote-stages.ts';
import type { WorkerBridge } from '../../boundary/worker-bridge.ts';
import type { Stage } from '../../core/stages/stage.ts';
import type { VadHost } from '../../workers/vad-host.ts';
import type { VadClient } from '../audio/speech-source.ts';

/** Voice activity detection behind a bridge. */
export function remoteVad(bridge: WorkerBridge<VadHost>): Stage & VadClient {
  // A command to a dead thread is pointless: its events have already failed.
  const tell = (done: Promise<unknown>): void => void done.catch(() => {});
  return {
    ...remoteLifeCycle(bridge),
    events: (frames, options, signal) => bridge.stream('events', transfer(frames, [frames]), options, signal),
    measureEcho: () => bridge.call('measureEcho'),
    close: (utterance) => tell(bridge.call('close', utterance)),
    setMuted: (muted) => tell(bridge.call('setMuted', muted)),
    setPlayback: (active) => tell(bridge.call('setPlayback', active)),
  };
}
