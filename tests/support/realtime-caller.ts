import { connect } from 'node:net';
import type OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { decodePcm16, encodePcm16 } from '../../core/audio/wav.ts';
import { concatSamples } from '../../core/audio/pcm.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import { resample } from '../../core/audio/resampler.ts';

const WIRE_RATE_HZ = 24_000;
const PIECE_MS = 40;

type EventOf<Type extends RealtimeServerEvent['type']> = Extract<RealtimeServerEvent, { type: Type }>;

/** Somebody who calls the server with the official client, and whose microphone is open all the time. */
export interface RealtimeCaller {
  events: readonly RealtimeServerEvent[];
  send(event: RealtimeClientEvent): void;
  /** Sends text as it is. */
  sendRaw(text: string | Buffer): void;
  /** The first event of this type from now on, or from `from` on, that fits. */
  next<Type extends RealtimeServerEvent['type']>(
    type: Type,
    fits?: (event: EventOf<Type>) => boolean,
    from?: number,
  ): Promise<EventOf<Type>>;
  /** Speaks into the microphone, at the pace of speech. Resolves when it is said. */
  say(pcm: Pcm): Promise<void>;
  /** Everything that was heard so far. */
  heard(): Pcm;
  close(): Promise<number>;
}

/**
 * The client always asks for wss; the way to the server is a plain connection, as behind a proxy that takes care of TLS.
 */
export async function callRealtime(
  client: OpenAI,
  options: { transcription?: boolean; microphone?: boolean } = {},
): Promise<RealtimeCaller> {
  const { port, hostname } = new URL(client.baseURL);
  const target = options.transcription ? ({ intent: 'transcription' } as const) : { model: 'parley' };
  const rt = new OpenAIRealtimeWS(
    { ...target, options: { createConnection: () => connect(Number(port), hostname) } },
    client,
  );
  const events: RealtimeServerEvent[] = [];
  const listeners = new Set<() => void>();
  const wake = (): void => listeners.forEach((listener) => listener());
  let failure: Error | undefined;
  rt.on('event', (event) => {
    events.push(event);
    wake();
  });
  rt.on('error', (error) => {
    if (error.error === undefined) {
      failure = error;
      wake();
    }
  });
  const closed = new Promise<number>((resolve) => rt.socket.on('close', resolve));

  function next<Type extends RealtimeServerEvent['type']>(
    type: Type,
    fits: (event: EventOf<Type>) => boolean = () => true,
    from = events.length,
  ): Promise<EventOf<Type>> {
    let position = from;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (failure) reject(failure);
        for (; position < events.length; position++) {
          const event = events[position]!;
          if (event.type !== type || !fits(event as EventOf<Type>)) continue;
          listeners.delete(look);
          return resolve(event as EventOf<Type>);
        }
      };
      listeners.add(look);
      look();
    });
  }

  await next('session.created', undefined, 0);
  const speech: { pieces: Float32Array[]; done: () => void }[] = [];
  const pieceSamples = (WIRE_RATE_HZ * PIECE_MS) / 1000;
  const silence = Float32Array.from({ length: pieceSamples }, (_, n) => 1e-4 * Math.sin(n * 12.9898));
  const append = (samples: Float32Array): void =>
    rt.send({
      type: 'input_audio_buffer.append',
      audio: Buffer.from(encodePcm16(samples)).toString('base64'),
    });
  const microphone =
    options.microphone === false
      ? undefined
      : setInterval(() => {
          const [first] = speech;
          append(first?.pieces.shift() ?? silence);
          if (first?.pieces.length !== 0) return;
          speech.shift();
          first.done();
        }, PIECE_MS);

  return {
    events,
    send: (event) => rt.send(event),
    sendRaw: (text) => rt.socket.send(text),
    next,
    say(pcm) {
      const { samples } = resample(pcm, WIRE_RATE_HZ);
      const pieces: Float32Array[] = [];
      for (let at = 0; at < samples.length; at += pieceSamples)
        pieces.push(samples.slice(at, at + pieceSamples));
      return new Promise((done) => speech.push({ pieces, done }));
    },
    heard() {
      const sounds = events.filter((event) => event.type === 'response.output_audio.delta');
      const pieces = sounds.map(({ delta }) => decodePcm16(Buffer.from(delta, 'base64')));
      return { samples: concatSamples(pieces), rateHz: WIRE_RATE_HZ };
    },
    close() {
      clearInterval(microphone);
      rt.close();
      return closed;
    },
  };
}
