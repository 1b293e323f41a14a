import { rms } from '../../core/audio/pcm.ts';
import type { ReplyRequest, StageInfo } from '../../core/stages/stage.ts';
import { readConfig } from '../../server/config.ts';
import { admitRecognizer, admitResponder, admitSynthesizer } from '../../server/engines/admit.ts';
import type { Engines } from '../../server/engines/engines.ts';
import { createGate } from '../../server/engines/gate.ts';

/** A tenth of a second. */
const tone = Float32Array.from({ length: 2400 }, (_, n) => 0.3 * Math.sin(n / 9));

const life = (model: string) => ({
  describe: (): Promise<StageInfo> =>
    Promise.resolve({ model, id: `scripted/${model}`, runtime: 'scripted', device: 'cpu' as const }),
  load: () => Promise.resolve(),
  dispose: () => Promise.resolve(),
});

/** Engines without models: they hear "Hello.", answer `reply` and speak a tone of three seconds for each clause. What is loud is speech. */
export function scriptedEngines(
  reply: (signal: AbortSignal, request: ReplyRequest) => AsyncIterable<string> = async function* () {
    yield 'Good day.';
  },
): Engines {
  const { limits } = readConfig({});
  const gates = {
    stt: createGate('Speech recognition', limits.stt),
    llm: createGate('The language model', limits.llm),
    tts: createGate('The voice', limits.tts),
  };
  const observe = (): void => {};
  return {
    for: (owner) => ({
      recognizer: admitRecognizer(
        {
          ...life('recogniser'),
          async *transcribe(audio) {
            for await (const _part of audio);
            yield { text: 'Hello.', settled: true };
          },
        },
        { gate: gates.stt, owner, observe },
      ),
      responder: admitResponder(
        {
          ...life('chat'),
          prepare: () => Promise.resolve(),
          async *reply(request, signal) {
            for await (const text of reply(signal, request)) yield { type: 'text', text };
          },
        },
        { gate: gates.llm, owner, observe },
      ),
      synthesizer: admitSynthesizer(
        {
          ...life('voice'),
          async *speak() {
            for (let chunk = 0; chunk < 30; chunk++) yield { samples: tone.slice(), rateHz: 24_000 };
          },
        },
        { gate: gates.tts, owner, observe },
      ),
      turnDetector: {
        ...life('turn'),
        async *judge() {
          yield 1;
        },
      },
      async *scoreFrames(frames) {
        for await (const frame of frames) yield rms(frame) > 0.01 ? 1 : 0;
      },
      apologises: false,
    }),
    models: { stt: 'scripted/recogniser', llm: 'scripted/chat', tts: 'scripted/voice' },
    isRemote: () => false,
    gates,
    delayMs: () => undefined,
    status: () => [],
    serving: (stage) => ({ serving: `scripted/${stage}`, rank: 0, fallbacks: 0 }),
    card: () => ({ budgetMb: 0, residentMb: 0, loads: 0, swaps: 0, failures: 0, models: [] }),
    dispose() {},
  };
}
