import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import type { EchoVerdict } from '../../core/audio/echo-measure.ts';
import { servePage, type ServedPage } from '../support/audio-page.ts';
import { launchOptions } from '../support/chromium.ts';
import { watch, type Guard } from '../support/guard.ts';
import type { AudioHarness } from '../support/pages/audio.ts';

declare const harness: AudioHarness;

let served: ServedPage;
let folder: string;
let browser: Browser;
let guard: Guard;
let page: Page;

test.beforeAll(async () => {
  served = await servePage('audio.html');
  folder = await mkdtemp(join(tmpdir(), 'parley-audio-'));
  await writeFile(join(folder, 'tone.wav'), toneWav(1_000, 48_000, 20));
});

test.afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(without: readonly string[] = []): Promise<void> {
  const options = launchOptions({ wav: join(folder, 'tone.wav') });
  const args = (options.args ?? []).filter((flag) => !without.some((part) => flag.includes(part)));
  browser = await chromium.launch({ ...options, args });
  const context = await browser.newContext();
  guard = watch(context, served.url);
  page = await context.newPage();
  await page.goto(served.url);
}

test.afterEach(async () => {
  await browser.close();
  expect(guard.problems()).toEqual([]);
});

/** One sine as a 16-bit mono file. */
function toneWav(frequencyHz: number, rateHz: number, seconds: number): Buffer {
  const samples = Int16Array.from({ length: rateHz * seconds }, (_, n) =>
    Math.round(10_000 * Math.sin((2 * Math.PI * frequencyHz * n) / rateHz)),
  );
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(rateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

/** Zero crossings upwards per second. */
function pitchHz(samples: readonly number[], rateHz: number): number {
  const crossings = samples.filter((sample, n) => n > 0 && sample >= 0 && samples[n - 1]! < 0).length;
  return (crossings * rateHz) / samples.length;
}

/** What the loudspeaker was given from `frame` on, without holes. */
async function recording(): Promise<{ start: number; samples: number[] }> {
  const blocks = await page.evaluate(() => harness.recorded());
  blocks.forEach(({ frame }, n) => expect(frame).toBe(blocks[0]!.frame + n * 128));
  return { start: blocks[0]!.frame, samples: blocks.flatMap(({ samples }) => samples) };
}

/** A 400 Hz tone at half volume bends at most this much from sample to sample; a click bends far more. */
function sharpestBend(samples: readonly number[]): number {
  return samples.reduce((sharpest, sample, n) => {
    if (n < 2) return sharpest;
    return Math.max(sharpest, Math.abs(sample - 2 * samples[n - 1]! + samples[n - 2]!));
  }, 0);
}

test('the microphone arrives as frames of 512 samples at 16 kHz, dated without a gap', async () => {
  await open();
  const { frames, levels, granted } = await page.evaluate(() => harness.capture(60));
  expect(frames.every(({ samples }) => samples.length === 512)).toBe(true);
  for (const [n, { atMs, arrivedMs }] of frames.entries()) {
    if (n > 0) expect(Math.abs(atMs - frames[n - 1]!.atMs - 32)).toBeLessThan(15);
    expect(arrivedMs).toBeGreaterThan(atMs - 5);
  }
  const spanMs = frames.at(-1)!.atMs - frames[0]!.atMs;
  expect(Math.abs(spanMs - 59 * 32)).toBeLessThan(20);
  // Noise suppression takes a steady tone away in time: the frames before that tell what came in.
  const power = (samples: readonly number[]): number => samples.reduce((sum, sample) => sum + sample ** 2, 0);
  const loudest = frames.toSorted((a, b) => power(b.samples) - power(a.samples)).slice(0, 5);
  for (const { samples } of loudest) expect(Math.abs(pitchHz(samples, 16_000) - 1_000)).toBeLessThan(50);
  expect(Math.max(...levels)).toBeGreaterThan(0.01);
  expect(granted.echoCancellation).toBeTruthy();
});

test('the list of microphones has names once access was granted', async () => {
  await open();
  await page.evaluate(() => harness.capture(1));
  const microphones = await page.evaluate(() => harness.microphones());
  expect(microphones.length).toBeGreaterThan(0);
  for (const { id, name } of microphones) {
    expect(id).not.toBe('');
    expect(name).not.toBe('');
  }
});

test('a microphone that is not connected any more gives way to the default', async () => {
  await open();
  const { frames } = await page.evaluate(() => harness.capture(2, 'a-device-of-yesterday'));
  expect(frames).toHaveLength(2);
});

test('a refused microphone is reported as such, with a way out', async () => {
  await open(['fake-ui']);
  const { code, message } = await page.evaluate(() => harness.refusal());
  expect(code).toBe('mic.denied');
  expect(message).toContain('Allow');
});

test('a microphone that is unplugged ends the listening as lost, and can be opened again', async () => {
  await open();
  expect(await page.evaluate(() => harness.unplug())).toEqual({ code: 'mic.lost', levelAtEnd: 0, opened: 2 });
});

test('[ECHO-3] an echo counts as distorted only where two sweeps say so', async () => {
  await open();
  const measured = (verdicts: EchoVerdict[]) => page.evaluate((all) => harness.echo(all), verdicts);
  expect(await measured(['duck', 'loopback', 'system'])).toEqual(['measuring', 'loopback', '1 left']);
  expect(await measured(['duck', 'duck', 'system'])).toEqual(['measuring', 'duck', '1 left']);
  expect(await measured(['loopback', 'duck'])).toEqual(['measuring', 'loopback', '1 left']);
});

test('a clip sounds as it was made, and its positions are exact', async () => {
  await open();
  const rateHz = await page.evaluate(() => harness.listen());
  await page.evaluate(() => {
    harness.enqueue(1, 0, 500, 22_050);
    harness.enqueue(1, 1, 300, 16_000);
    harness.player.release(1);
    return harness.happened('clip.ended', 2);
  });
  const events = await page.evaluate(() => harness.events());
  expect(events.filter(({ type }) => type === 'clip.ended')).toEqual([
    { type: 'clip.ended', turn: 1, clause: 0, durationMs: expect.closeTo(500, 1) },
    { type: 'clip.ended', turn: 1, clause: 1, durationMs: expect.closeTo(300, 1) },
  ]);
  const starts = events.filter((event) => event.type === 'clip.started').map(({ atMs }) => atMs);
  expect(Math.abs(starts[1]! - starts[0]! - 500)).toBeLessThan(15);
  const { samples } = await recording();
  const first = samples.findIndex((sample) => sample !== 0);
  const clip = samples.slice(first, first + Math.round(0.5 * rateHz));
  expect(pitchHz(clip, rateHz)).toBeCloseTo(400, -1);
  expect(sharpestBend(clip.slice(100, -100))).toBeLessThan(0.5 * ((2 * Math.PI * 400) / rateHz) ** 2 * 1.1);
});

test('a gap in the middle of a clip is silent and counted once', async () => {
  await open();
  await page.evaluate(() => harness.listen());
  await page.evaluate(async () => {
    harness.player.release(1);
    harness.enqueue(1, 0, 600, 16_000, [3]);
    await harness.happened('clip.progress', 2);
  });
  await page.waitForFunction(() => harness.recentPeak() < 1e-3);
  await page.evaluate(async () => {
    harness.openGate(3);
    await harness.happened('clip.ended');
  });
  const events = await page.evaluate(() => harness.events());
  expect(events.filter(({ type }) => type === 'underrun')).toEqual([{ type: 'underrun', turn: 1, count: 1 }]);
  expect(events.at(-1)).toMatchObject({ type: 'clip.ended', durationMs: expect.closeTo(600, 1) });
});

test('a stop fades to silence without a click and tells how far the person heard', async () => {
  await open();
  const rateHz = await page.evaluate(() => harness.listen());
  await page.evaluate(async () => {
    harness.enqueue(7, 0, 3_000, 16_000);
    harness.player.release(7);
    await harness.happened('clip.progress', 4);
    harness.player.stop(7);
    await harness.happened('playback.stopped');
  });
  await page.waitForFunction(() => harness.recentPeak() === 0);
  const stopped = (await page.evaluate(() => harness.events())).find(
    ({ type }) => type === 'playback.stopped',
  );
  const { samples } = await recording();
  const first = samples.findIndex((sample) => sample !== 0);
  const last = samples.findLastIndex((sample) => sample !== 0);
  expect(sharpestBend(samples.slice(first + 100))).toBeLessThan(0.005);
  expect(await page.evaluate(() => harness.finishedVoices())).toBe(1);
  const heardMs = ((last - first) / rateHz) * 1000;
  expect(stopped).toMatchObject({ turn: 7, clause: 0, playedMs: expect.closeTo(heardMs, 0) });
});

test('ducking lowers the voice and gives it back', async () => {
  await open();
  await page.evaluate(() => harness.listen());
  await page.evaluate(async () => {
    harness.enqueue(1, 0, 1_500, 16_000);
    harness.player.release(1);
    await harness.happened('clip.progress', 3);
    harness.player.duck();
    await harness.happened('clip.progress', 9);
    harness.player.unduck();
    await harness.happened('clip.ended');
  });
  const { samples } = await recording();
  const peaks = Array.from({ length: Math.floor(samples.length / 480) }, (_, n) =>
    Math.max(...samples.slice(n * 480, (n + 1) * 480)),
  ).filter((peak) => peak > 0.01);
  expect(Math.max(...peaks)).toBeCloseTo(0.5, 1);
  expect(peaks.filter((peak) => Math.abs(peak - 0.089) < 0.01).length).toBeGreaterThan(10);
  expect(sharpestBend(samples.slice(1_000, -1_000))).toBeLessThan(0.02);
});

test('a voice whose thread dies fails its clip after what had arrived, and the next clip sounds', async () => {
  await open();
  await page.evaluate(() => harness.listen());
  await page.evaluate(async () => {
    harness.player.release(1);
    await harness.enqueueDying(1, 0);
    harness.enqueue(1, 1, 200, 16_000);
    await harness.happened('clip.ended');
  });
  const events = await page.evaluate(() => harness.events());
  expect(events.find(({ type }) => type === 'clip.failed')).toMatchObject({ clause: 0, code: 'worker.died' });
  expect(events.at(-1)).toMatchObject({ type: 'clip.ended', clause: 1 });
});

for (const wake of ['gesture', 'visible'] as const) {
  test(`a sleeping sound system says so and wakes up (${wake})`, async () => {
    await open();
    expect(await page.evaluate((by) => harness.sleepAndWake(by), wake)).toEqual(['suspended', 'running']);
  });
}
