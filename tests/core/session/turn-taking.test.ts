import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import { defaultSettings } from '../../../core/settings/settings.ts';
import { createScene, toolCall } from '../../support/scene.ts';

const sure = 0.97;
const unsure = 0.5;
const surelyNot = 0.02;

describe('the end of a turn', () => {
  it('[DONE-1] is taken at once when the turn is surely complete, and what was made ahead sounds', async () => {
    const scene = createScene({ verdicts: [sure] });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(60);
    expect(scene.phase()).toBe('thinking');
    await scene.clock.advance(130);
    expect(scene.phase()).toBe('speaking');
    expect(scene.responder.requests).toHaveLength(1);
  });

  it('[DONE-1] waits longer the less sure it is, up to the longest wait', async () => {
    async function silenceBefore(verdict: number): Promise<number> {
      const scene = createScene({ verdicts: [verdict] });
      await scene.talk();
      await scene.say();
      await scene.clock.advance(5000);
      const { endpointMs = Number.NaN, speechEndMs = Number.NaN } = scene.traces[0] ?? {};
      return endpointMs - speechEndMs;
    }
    const waits = await Promise.all([0.99, 0.7, 0.5, 0.2, 0.05, 0].map(silenceBefore));
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits[0]).toBeLessThanOrEqual(300);
    expect(waits.at(-1)).toBe(3000);
  });

  it('[DONE-2] is left open while the sentence hangs in the air', async () => {
    const scene = createScene({
      texts: ['I would like to, um', 'I would like to, um, hear a joke.'],
      verdicts: [surelyNot, sure],
    });
    await scene.talk();
    const id = await scene.say();
    await scene.clock.advance(1500);
    expect(scene.phase()).toBe('deciding');
    scene.source.resumed(id);
    await scene.clock.advance(500);
    scene.source.paused(id);
    await scene.clock.advance(300);
    expect(scene.texts()[0]).toBe('user: I would like to, um, hear a joke.');
    expect(scene.turnDetector.judged).toEqual(['I would like to, um', 'I would like to, um, hear a joke.']);
  });

  it('[DONE-3] comes by silence alone where the detector fails or says nothing', async () => {
    const broken = new AppError('engine.failed', 'It stopped.');
    for (const verdicts of [[broken], []]) {
      const scene = createScene({ verdicts });
      await scene.talk();
      await scene.say();
      await scene.clock.advance(399);
      expect(scene.phase()).toBe('deciding');
      await scene.clock.advance(1);
      expect(scene.phase()).toBe('speaking');
      expect(scene.session.view().notices).toEqual([]);
    }
  });

  it('[DONE-4] comes sooner for the quick and later for the patient', async () => {
    const silences: number[] = [];
    for (const pace of ['quick', 'balanced', 'patient'] as const) {
      const listening = { ...defaultSettings.listening, pace };
      const scene = createScene({ verdicts: [unsure], settings: { listening } });
      await scene.talk();
      await scene.say();
      await scene.clock.advance(5000);
      silences.push((scene.traces[0]?.endpointMs ?? 0) - (scene.traces[0]?.speechEndMs ?? 0));
    }
    expect(new Set(silences).size).toBe(3);
    expect(silences).toEqual(silences.toSorted((a, b) => a - b));
  });

  it('[DONE-5] adapts to how long this person pauses, within bounds', async () => {
    async function silenceAfterPausesOf(pauseMs: number): Promise<number> {
      const scene = createScene({
        texts: Array.from({ length: 12 }, () => 'So'),
        verdicts: [...Array<number>(10).fill(0), unsure],
      });
      await scene.talk();
      const id = await scene.say();
      for (let pauses = 0; pauses < 10; pauses += 1) {
        await scene.clock.advance(pauseMs - 200);
        scene.source.resumed(id);
        await scene.clock.advance(400);
        scene.source.paused(id);
        await scene.clock.settle();
      }
      await scene.clock.advance(5000);
      return (scene.traces[0]?.endpointMs ?? 0) - (scene.traces[0]?.speechEndMs ?? 0);
    }
    const hasty = await silenceAfterPausesOf(250);
    const typical = await silenceAfterPausesOf(700);
    const slow = await silenceAfterPausesOf(1500);
    const slowest = await silenceAfterPausesOf(2300);
    expect(hasty).toBeLessThan(typical);
    expect(typical).toBeLessThan(slow);
    expect(slowest).toBeCloseTo(slow, 6);
  });

  it('[DONE-6] a verdict on an earlier pause never ends a later one', async () => {
    const scene = createScene({
      texts: ['Set a timer', 'Set a timer for'],
      verdicts: [sure, surelyNot],
      sttMs: 20,
    });
    await scene.talk();
    const id = await scene.say();
    scene.source.resumed(id);
    await scene.clock.advance(100);
    scene.source.paused(id);
    await scene.clock.advance(1000);
    expect(scene.phase()).toBe('deciding');
  });
});

describe('work ahead of the end', () => {
  const counters = (scene: ReturnType<typeof createScene>) => scene.session.view().ahead;

  it('[AHEAD-1] is counted as kept with the time it saved, when the person had finished', async () => {
    const scene = createScene();
    await scene.talk();
    await scene.say();
    await scene.clock.advance(3000);
    const { started, kept, wasted, savedMs } = counters(scene);
    expect({ started, kept, wasted }).toEqual({ started: 1, kept: 1, wasted: 0 });
    // Words after 50 ms, first token 80 ms and first chunk 40 ms later: ready before the turn was taken.
    expect(savedMs).toBeCloseTo(120, 6);
  });

  it('[AHEAD-1] is counted as wasted each time that the person goes on', async () => {
    const scene = createScene({ texts: ['Set', 'Set a timer', 'Set a timer for two minutes.'] });
    await scene.talk();
    const id = await scene.say();
    for (let pauses = 0; pauses < 2; pauses += 1) {
      await scene.clock.advance(150);
      scene.source.resumed(id);
      await scene.clock.advance(300);
      scene.source.paused(id);
      await scene.clock.settle();
    }
    await scene.clock.advance(3000);
    expect(counters(scene)).toMatchObject({ started: 3, kept: 1, wasted: 2 });
    expect(scene.texts()[0]).toBe('user: Set a timer for two minutes.');
  });

  it('[AHEAD-2] is cancelled in the frame in which speech goes on', async () => {
    const scene = createScene({ replies: [['One. ', 'Two. ', 'Three.']], nextTokenMs: 100 });
    await scene.talk();
    const id = await scene.say();
    await scene.clock.advance(250);
    expect(scene.synthesizer.spoken).toEqual(['One.']);
    scene.source.resumed(id);
    await scene.clock.advance(1000);
    expect(scene.synthesizer.spoken).toEqual(['One.']);
  });

  it('[TURN-10] holds back a tool that changes something until the turn is taken, and forgets it when speech goes on', async () => {
    const scene = createScene({
      texts: ['Set a timer for two', 'Set a timer for two hours.'],
      replies: [[toolCall('set_timer', 'a')], [toolCall('set_timer', 'b')], ['Done.']],
      verdicts: [surelyNot, sure],
    });
    await scene.talk();
    const id = await scene.say();
    await scene.clock.advance(400);
    expect(scene.toolCalls).toEqual([]);
    scene.source.resumed(id);
    await scene.clock.advance(300);
    scene.source.paused(id);
    await scene.clock.advance(1000);
    expect(scene.toolCalls.map((call) => call.id)).toEqual(['b']);
  });

  it('[AHEAD-3] lets the model read the conversation while the person speaks', async () => {
    const scene = createScene({ texts: ['What time is it?', 'Thanks.'] });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(3000);
    scene.source.started(scene.nextUtterance());
    await scene.clock.settle();
    expect(scene.responder.prepared.at(-1)?.messages.map(({ content }) => content)).toEqual([
      'Be brief.',
      'What time is it?',
      'It is noon.',
    ]);
  });
});

describe('a word to the talking itself', () => {
  const story = 'Once upon a time there was a fox. It lived in a wood. It was happy.';

  async function interruptedBy(...texts: string[]) {
    const scene = createScene({ texts: ['Tell me a story.', ...texts], replies: [[story], ['All right.']] });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(2000);
    expect(scene.phase()).toBe('speaking');
    if (texts.length > 0) await scene.say(300);
    await scene.clock.advance(1000);
    return scene;
  }

  it.each(['Stop.', 'Wait!', 'hold on'])('[BARGE-11] "%s" is obeyed and not answered', async (word) => {
    const scene = await interruptedBy(word);
    expect(scene.phase()).toBe('listening');
    expect(scene.lastAnswer()?.state).toBe('interrupted');
    expect(scene.texts().at(-1)).toBe(`user: ${word}`);
    expect(scene.responder.requests).toHaveLength(1);
    expect(scene.session.view().ahead.started).toBe(1);
  });

  it('[BARGE-11] typed, it is obeyed in the same way', async () => {
    const scene = await interruptedBy();
    scene.session.submitText('stop');
    await scene.clock.advance(3000);
    expect(scene.phase()).toBe('listening');
    expect(scene.texts().at(-1)).toBe('user: stop');
    expect(scene.responder.requests).toHaveLength(1);
  });

  it('[BARGE-11] the model is not told of it', async () => {
    const scene = await interruptedBy('Stop.', 'What time is it?');
    await scene.say();
    await scene.clock.advance(1000);
    const told = scene.responder.requests.at(-1)?.messages.map(({ content }) => content) ?? [];
    expect(told).not.toContain('Stop.');
    expect(told.at(-1)).toBe('What time is it?');
  });

  it('[BARGE-11] "stop" with nothing to stop is a turn like any other', async () => {
    const scene = createScene({ texts: ['Stop.'], replies: [['There is nothing to stop.']] });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(2500);
    expect(scene.lastAnswer()?.text).toBe('There is nothing to stop.');
  });

  it('[BARGE-12] "go on" says the rest of what was cut short', async () => {
    const scene = await interruptedBy('Stop.', 'Please go on.');
    const heard = scene.lastAnswer()?.heard ?? '';
    await scene.say();
    await scene.clock.advance(10_000);
    expect(scene.lastAnswer()?.text).toBe(story.slice(heard.length).trim());
    expect(scene.lastAnswer()?.state).toBe('final');
    expect(scene.responder.requests).toHaveLength(1);
  });

  it('[BARGE-12] "go on" after a complete answer is for the model', async () => {
    const scene = createScene({
      texts: ['Tell me a story.', 'Go on.'],
      replies: [['Short.'], ['That was all.']],
    });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(2000);
    await scene.say();
    await scene.clock.advance(2000);
    expect(scene.lastAnswer()?.text).toBe('That was all.');
  });
});

describe('a long silence', () => {
  it('[SILENCE-1] passes without a word unless the person wishes to be asked', async () => {
    const scene = createScene();
    await scene.talk();
    await scene.clock.advance(600_000);
    expect(scene.texts()).toEqual([]);
    expect(scene.phase()).toBe('listening');
  });

  it('[SILENCE-2] is asked about once, until the person has spoken', async () => {
    const scene = createScene({ settings: { stillThere: true } });
    await scene.talk();
    await scene.clock.advance(300_000);
    expect(scene.texts()).toEqual(['assistant: Are you still there?']);
    await scene.say();
    await scene.clock.advance(3000);
    expect(scene.responder.requests[0]?.messages.map(({ content }) => content)).toEqual([
      'Be brief.',
      'Are you still there?',
      'What time is it?',
    ]);
    await scene.clock.advance(300_000);
    expect(scene.texts().at(-1)).toBe('assistant: Are you still there?');
    expect(scene.texts()).toHaveLength(4);
  });
});
