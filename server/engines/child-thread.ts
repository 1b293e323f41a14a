import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { WorkerThread } from '../../boundary/worker-bridge.ts';
import { createPortTunnel } from './port-tunnel.ts';
import type { Packet } from './port-tunnel.ts';

/** An engine in a process of its own, as the bridge knows the worker of a page. */
export interface ChildThread extends WorkerThread {
  /** Undefined until it has started. */
  pid(): number | undefined;
}

/**
 * Starts a host of server/engines/hosts after `delayMs`; what is posted before waits for it. Its end, whatever ended it,
 * is an `error` event.
 */
export function startChild(host: URL, delayMs: number): ChildThread {
  const deaths = new EventTarget();
  const waiting: Packet[] = [];
  let child: ChildProcess | undefined;
  let ended = false;

  const tunnel = createPortTunnel('parent', (packet) => {
    if (child === undefined) waiting.push(packet);
    else if (child.connected) child.send(packet);
  });

  function start(): void {
    // The flags of this process (a test runner's, an inspector's) are not meant for its children.
    child = fork(host, [], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (packet) => tunnel.receive(packet as Packet));
    child.on('error', end);
    child.on('exit', end);
    for (const packet of waiting.splice(0)) child.send(packet);
  }

  function end(): void {
    if (ended) return;
    ended = true;
    tunnel.close();
    deaths.dispatchEvent(new Event('error'));
  }

  const timer = setTimeout(start, delayMs);
  tunnel.endpoint.start();
  return {
    tellsOfDeath: true,
    pid: () => child?.pid,
    postMessage: (message, transfer) => tunnel.endpoint.postMessage(message, transfer ?? []),
    addEventListener(type, listener) {
      (type === 'message' ? tunnel.endpoint : deaths).addEventListener(type, listener);
    },
    removeEventListener(type, listener) {
      (type === 'message' ? tunnel.endpoint : deaths).removeEventListener(type, listener);
    },
    terminate() {
      clearTimeout(timer);
      ended = true;
      tunnel.close();
      // A process that hangs in native code hears no softer signal.
      child?.kill('SIGKILL');
    },
  };
}
