import { exposeHost } from '../../boundary/host.ts';
import { createPortTunnel } from './port-tunnel.ts';
import type { Packet } from './port-tunnel.ts';

/** Time for an error to leave the process before it ends. */
const LAST_WORDS_MS = 200;

/** Answers the server that started this process, and ends with it. */
export function exposeToParent(api: object): void {
  const tunnel = createPortTunnel('child', (packet) => {
    if (process.connected) process.send?.(packet);
  });
  exposeHost(api, tunnel.endpoint);
  process.on('message', (packet) => tunnel.receive(packet as Packet));
  process.on('disconnect', () => process.exit(0));
}

/** Ends this process because its engine is broken; the server starts another. */
export function endProcess(): void {
  setTimeout(() => process.exit(1), LAST_WORDS_MS);
}
