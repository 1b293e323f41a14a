import type { Page } from '@playwright/test';
import type { EchoMeasurement } from '../../core/audio/echo-measure.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import type { TurnTrace } from '../../core/turn/trace.ts';
import { installVoiceKit, TAP_URL } from './voice-kit.ts';
import { soundBounds } from './wav.ts';

/** A page with a person in front of it. Times are epoch milliseconds on the page's clock. */
export interface VoicePage {
  page: Page;
  /** Says it; resolves when it is over, with the moments at which sound began and ended. */
  say(pcm: Pcm): Promise<{ startMs: number; endMs: number }>;
  /** Waits until Parley is in one of these states, as the Talk control says it. */
  state(...states: string[]): Promise<void>;
  /** From now on the microphone hears the page's own sound, so much softer and so much later. */
  setEcho(gainDb: number, delayMs: number): Promise<void>;
  /** Waits until the echo has been measured. */
  echo(): Promise<EchoMeasurement>;
  /** What came out of the loudspeaker since then. */
  recording(fromMs: number): Promise<Pcm & { startMs: number }>;
  /** The records of all turns so far. */
  traces(): Promise<TurnTrace[]>;
  nowMs(): Promise<number>;
}

/** Prepares `page` before it is opened. Without `microphone` the browser's own stays. */
export async function prepareVoicePage(
  page: Page,
  { microphone }: { microphone: boolean },
): Promise<VoicePage> {
  await page.addInitScript(installVoiceKit, { tapUrl: TAP_URL, microphone });
  return {
    page,
    async say(pcm) {
      const bytes = Buffer.from(Int16Array.from(pcm.samples, (sample) => sample * 32_767).buffer);
      const base64 = bytes.toString('base64');
      const { startMs } = await page.evaluate(([audio, rate]) => window.voiceKit.say(audio, rate), [
        base64,
        pcm.rateHz,
      ] as const);
      const { startS, endS } = soundBounds(pcm);
      return { startMs: startMs + startS * 1000, endMs: startMs + endS * 1000 };
    },
    async state(...states) {
      await page
        .locator(states.map((state) => `.talk[data-state="${state}"]`).join(','))
        .waitFor({ timeout: 120_000 });
    },
    setEcho: (gainDb, delayMs) =>
      page.evaluate(([gain, delay]) => window.voiceKit.setEcho(gain, delay), [gainDb, delayMs] as const),
    async echo() {
      const measured = await page.waitForFunction(() => {
        const [latest] = performance.getEntriesByName('parley:echo').slice(-1) as PerformanceMark[];
        const echo = latest?.detail as EchoMeasurement | { verdict: 'measuring' } | undefined;
        return echo === undefined || echo.verdict === 'measuring' ? undefined : echo;
      });
      return (await measured.jsonValue()) as EchoMeasurement;
    },
    async recording(fromMs) {
      const { base64, rateHz, startMs } = await page.evaluate(
        (from) => window.voiceKit.recording(from),
        fromMs,
      );
      const bytes = Buffer.from(base64, 'base64');
      const words = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
      return { samples: Float32Array.from(words, (sample) => sample / 32_768), rateHz, startMs };
    },
    traces: () => page.evaluate(() => window.voiceKit.traces as TurnTrace[]),
    nowMs: () => page.evaluate(() => performance.timeOrigin + performance.now()),
  };
}
