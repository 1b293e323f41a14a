import { isPlainData } from './plain-data.ts';

/** One message on the wire. `to` 0 is the endpoint of each side; every other number is a port that travelled. */
export type Packet = { to: number; message: unknown } | { close: number };

/** Both sides number the ports that they send on, one by odd and one by even numbers. */
export type Side = 'parent' | 'child';

const FIRST_ID: Record<Side, number> = { parent: 1, child: 2 };
/** Stands for a port in a message. Nothing else in a message has such a property. */
const PORT_MARK = '\u0000port';

/**
 * Carries messages between two processes as MessagePorts do between threads, ports within them included: so everything
 * of the boundary (streams, signals, errors, callbacks) works across a channel that can only copy data.
 */
export interface PortTunnel {
  /** The near end of a channel whose far end is the other side's `endpoint`. */
  endpoint: MessagePort;
  /** To be called with each packet that arrives. */
  receive(packet: Packet): void;
  /** The other side is gone: every port closes, and its streams end with `worker.died`. */
  close(): void;
}

/** @param send puts a packet on the wire, in order */
export function createPortTunnel(side: Side, send: (packet: Packet) => void): PortTunnel {
  const ports = new Map<number, MessagePort>();
  let nextId = FIRST_ID[side];

  function pump(id: number, port: MessagePort): void {
    ports.set(id, port);
    port.addEventListener('message', ({ data }) => send({ to: id, message: encode(data) }));
    port.addEventListener('close', () => {
      if (ports.delete(id)) send({ close: id });
    });
    port.start();
  }

  function encode(value: unknown): unknown {
    if (!(value instanceof MessagePort)) return mapData(value, encode);
    const id = nextId;
    nextId += 2;
    pump(id, value);
    return { [PORT_MARK]: id };
  }

  function decode(value: unknown, transfer: MessagePort[]): unknown {
    if (!isPlainData(value) || !(PORT_MARK in value))
      return mapData(value, (inner) => decode(inner, transfer));
    const { port1, port2 } = new MessageChannel();
    pump(Number(value[PORT_MARK]), port1);
    transfer.push(port2);
    return port2;
  }

  const { port1, port2 } = new MessageChannel();
  pump(0, port1);

  return {
    endpoint: port2,
    receive(packet) {
      if ('close' in packet) {
        const port = ports.get(packet.close);
        ports.delete(packet.close);
        port?.close();
        return;
      }
      const transfer: MessagePort[] = [];
      const message = decode(packet.message, transfer);
      const port = ports.get(packet.to);
      if (port !== undefined) port.postMessage(message, transfer);
      else for (const unwanted of transfer) unwanted.close();
    },
    close() {
      for (const port of ports.values()) port.close();
      ports.clear();
    },
  };
}

/** The same data with each value in it mapped; typed arrays and the like are left alone. */
function mapData(value: unknown, map: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (!isPlainData(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, map(inner)]));
}
