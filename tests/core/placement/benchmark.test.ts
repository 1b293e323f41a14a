import { describe, expect, it } from 'vitest';
import {
  measureRecognizer,
  measureResponder,
  measureSynthesizer,
} from '../../../core/placement/benchmark.ts';
import { delaysOf } from '../../../core/placement/turn-delays.ts';
import type { Speed } from '../../../core/placement/speed.ts';
import {
  createScriptedRecognizer,
  createScriptedResponder,
  createScriptedSynthesizer,
} from '../../support/scripted-stages.ts';
import { never } from '../../support/stage-contract.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const clock = createVirtualClock();

async function whileTimePasses(measuring: Promise<Speed>): Promise<Speed> {
  await clock.advance(10_000);
  return measuring;
}

describe('[PLACE-10] the first measurement', () => {
  it('of a recogniser is how long it takes for a second of sound', async () => {
    const recognizer = createScriptedRecognizer(clock, { texts: [''], delayMs: 250 });
    expect(await whileTimePasses(measureRecognizer(recognizer, clock.nowMs, never))).toEqual({
      delayMs: 250,
      timesRealTime: 4,
    });
  });

  it('of a language model is its first token, and its pace against that of speech', async () => {
    const reply = () => ['One', ' two', ' three', ' four', ' five'];
    const responder = createScriptedResponder(clock, { reply, firstMs: 300, nextMs: 50 });
    // 20 tokens a second, of which speech uses up 4.
    expect(await whileTimePasses(measureResponder(responder, clock.nowMs, never))).toEqual({
      delayMs: 300,
      timesRealTime: 5,
    });
  });

  it('of a language model that hardly answers says nothing of its pace', async () => {
    const responder = createScriptedResponder(clock, { reply: () => ['One.'], firstMs: 300, nextMs: 50 });
    expect(await whileTimePasses(measureResponder(responder, clock.nowMs, never))).toEqual({ delayMs: 300 });
  });

  it('of a voice is its first sound, and its pace', async () => {
    const voice = { id: 'en-us', speed: 1 };
    const synthesizer = createScriptedSynthesizer(clock, { firstMs: 150, msPerCharacter: 100 });
    const speed = await whileTimePasses(measureSynthesizer(synthesizer, voice, clock.nowMs, never));
    // "One, two, three." has 16 characters.
    expect(speed).toEqual({ delayMs: 150, timesRealTime: 1_600 / 150 });
  });

  it('fails where the engine does', async () => {
    const voice = { id: 'en-us', speed: 1 };
    const synthesizer = createScriptedSynthesizer(clock, { firstMs: 1, msPerCharacter: 1 });
    synthesizer.fail = new Error('no sound') as never;
    const measuring = measureSynthesizer(synthesizer, voice, clock.nowMs, never);
    const [outcome] = await Promise.allSettled([measuring, clock.advance(100)]);
    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'no sound' } });
  });
});

describe('[PLACE-10] what a turn tells of the models', () => {
  it('is what each added to it', () => {
    const trace = {
      turn: 1,
      pauseMs: 1_000,
      transcriptMs: 1_180,
      aheadMs: 1_200,
      endpointMs: 1_400,
      firstTokenMs: 1_550,
      firstClauseMs: 1_700,
      firstChunkMs: 1_720,
    };
    expect(delaysOf(trace)).toEqual({ stt: 180, llm: 350, tts: 20 });
  });

  it('of a typed turn is less, and of one without an answer nothing', () => {
    expect(delaysOf({ turn: 1, transcriptMs: 500, firstTokenMs: 900 })).toEqual({ llm: 400 });
    expect(delaysOf({ turn: 1, pauseMs: 1_000 })).toEqual({});
    // Words that were settled before the pause was noticed cost no time.
    expect(delaysOf({ turn: 1, pauseMs: 1_000, transcriptMs: 990 })).toEqual({});
  });
});
