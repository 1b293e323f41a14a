import type { Page } from '@playwright/test';
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
