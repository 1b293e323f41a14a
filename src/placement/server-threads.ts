import { remoteRecognizer, remoteResponder, remoteSynthesizer } from '../../boundary/remote-stages.ts';
import { createWorkerBridge } from '../../boundary/worker-bridge.ts';
import type { WorkerBridge } from '../../boundary/worker-bridge.ts';
import type { AppError } from '../../core/errors.ts';
import type { Running } from '../../core/stages/first-that-works.ts';
import type { Stage, StageInfo } from '../../core/stages/stage.ts';
import type { OpenAiConfig } from '../../engines/openai.ts';
import type { RemoteHost } from '../../workers/remote.worker.ts';
import type { ServerStages } from '../state/server.ts';

/**
 * As for any server behind another (server/config/schema.ts): a model that was never asked has to be loaded there
 * first.
 */
const SILENCE_MS = 30_000;

/**
 * Stages on the server that this page came from, each behind a thread of its own.
 * @param keyOf the key as it is when a thread starts; empty where the server asks for none
 */
export function createServerStages(keyOf: () => string): ServerStages {
  function connect<S extends Stage>(
    name: string,
    open: (bridge: WorkerBridge<RemoteHost>) => S,
  ): (info: StageInfo, onDeath: (error: AppError) => void) => Running<S> {
    return (info, onDeath) => {
      const key = keyOf();
      const bridge = createWorkerBridge<RemoteHost, OpenAiConfig>({
        name,
        spawn: () =>
          new Worker(new URL('../../workers/remote.worker.ts', import.meta.url), {
            type: 'module',
            name: 'remote',
          }),
        config: {
          url: new URL('/v1', location.href).href,
          model: info.id,
          timeoutMs: SILENCE_MS,
          ...(key !== '' && { key }),
        },
        onDeath,
      });
      const stage = { ...open(bridge), describe: () => Promise.resolve(info) };
      return { stage, probe: bridge.probe, terminate: bridge.terminate };
    };
  }

  return {
    stt: connect('Speech recognition', remoteRecognizer),
    llm: connect('The language model', remoteResponder),
    tts: connect('The voice', remoteSynthesizer),
  };
}
