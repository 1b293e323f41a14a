import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../support/random.ts';
import { createScene } from '../../support/scene.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const HOUR_MS = 3_600_000;
const SETTLED_MS = 300_000;
const SEED = 20_261_120;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('an hour of conversation, in virtual time', { timeout: 120_000 }, () => {
  it(`[TURN-13] misses no turn, keeps its counters straight and does not grow (seed ${SEED})`, async () => {
    const random = createRandom(SEED);
    const texts: string[] = [];
    const verdicts: number[] = [];
    const scene = createScene({ texts, verdicts, replies: [['It is noon. ', 'The sun is high.']] });
    const asked: string[] = [];
    let heapAfterSettling = 0;
    await scene.talk();

    async function goOn(id: number): Promise<void> {
      scene.source.resumed(id);
      await scene.clock.advance(600);
      scene.source.paused(id);
      await scene.clock.settle();
    }

    while (scene.clock.nowMs() < HOUR_MS) {
      const question = `Question number ${asked.length}?`;
      const pauses = random.below(3);
      for (let count = 0; count < pauses; count += 1) scene.hears(`Question so far, ${count}`, 0.05);
      scene.hears(question, 0.6 + random.next() * 0.39);
      const id = await scene.say(400 + random.below(2000));
      for (let count = 0; count < pauses; count += 1) {
        await scene.clock.advance(100 + random.below(900));
        await goOn(id);
      }
      asked.push(question);
      await scene.clock.advance(1200);
      expect(scene.phase()).toBe('speaking');
      if (random.chance(0.3)) {
        // Something that is no turn: a cough, or a word of agreement.
        if (random.chance(0.5)) {
          const cough = scene.nextUtterance();
          scene.source.started(cough);
          await scene.clock.advance(64);
          scene.source.misfire(cough);
        } else {
          scene.hears('Uh huh.', 0.5);
          await scene.say(200);
        }
      }
      scene.responder.forget();
      await scene.clock.advance(4000 + random.below(8000));
      expect(scene.phase()).toBe('listening');
      if (heapAfterSettling === 0 && scene.clock.nowMs() > SETTLED_MS) heapAfterSettling = heapBytes();
    }

    const users = scene.session.view().messages.filter(({ role }) => role === 'user');
    expect(users.map(({ text }) => text)).toEqual(asked);
    expect(asked.length).toBeGreaterThan(200);
    expect(scene.traces).toHaveLength(asked.length);
    const { started, kept, wasted } = scene.session.view().ahead;
    expect(kept).toBe(asked.length);
    expect(started).toBe(kept + wasted);
    expect(heapBytes() / heapAfterSettling).toBeLessThan(1.1);
  });
});
