import { AppError } from '../../core/errors.ts';
import type { ToolCall, ToolDescription } from '../../core/stages/stage.ts';
import type { Toolbox } from '../../core/tools/tool.ts';

/** Tools that the client carries out. */
export interface ClientTools {
  toolbox: Toolbox;
  /** Keeps the result of a call. @returns false where nobody waits for it */
  keepResult(callId: string, output: string): boolean;
  /** Gives the results that are there to the model. @returns whether there were any */
  handOver(): boolean;
  /** Calls that the model waits for. */
  waiting(): number;
}

interface PendingCall {
  resolve: (output: string) => void;
  output?: string;
}

/** @param onCall told of each call, once its turn is taken: the client may change something, so none is made ahead */
export function createClientTools(
  descriptions: () => readonly ToolDescription[],
  onCall: (call: ToolCall) => void,
): ClientTools {
  const pending = new Map<string, PendingCall>();
  return {
    toolbox: {
      get descriptions() {
        return descriptions();
      },
      hasSideEffect: () => true,
      run(call, signal) {
        return new Promise((resolve, reject) => {
          pending.set(call.id, { resolve });
          const onAbort = (): void => {
            pending.delete(call.id);
            reject(new AppError('aborted', 'The work was cancelled.'));
          };
          signal.addEventListener('abort', onAbort, { once: true });
          onCall(call);
        });
      },
    },
    keepResult(callId, output) {
      const call = pending.get(callId);
      if (call !== undefined) call.output = output;
      return call !== undefined;
    },
    handOver() {
      const ready = [...pending].filter(([, { output }]) => output !== undefined);
      for (const [id, { resolve, output }] of ready) {
        pending.delete(id);
        resolve(output!);
      }
      return ready.length > 0;
    },
    waiting: () => pending.size,
  };
}
