import { transfer } from 'comlink';
import type { WorkerBridge } from '../../boundary/worker-bridge.ts';
import type { VadHost } from '../../workers/vad-host.ts';
import type { VadClient } from './speech-source.ts';

/** The VAD worker behind its bridge. The port of the frames goes there, and no audio comes back here. */
export function createVadClient(bridge: WorkerBridge<VadHost>): VadClient {
  // A worker that died says so in the stream of events; commands to it have nothing to add.
  const forget = (): void => {};
  return {
    events: (frames, options, signal) => bridge.stream('events', transfer(frames, [frames]), options, signal),
    close: (utterance) => void bridge.call('close', utterance).catch(forget),
    setMuted: (muted) => void bridge.call('setMuted', muted).catch(forget),
    setPlayback: (active) => void bridge.call('setPlayback', active).catch(forget),
  };
}
