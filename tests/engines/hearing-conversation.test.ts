import { afterAll, describe, expect, it } from 'vitest';
import { FRAME_SAMPLES } from '../../core/audio/pcm.ts';
import { createSession } from '../../core/session/session.ts';
import { defaultSettings } from '../../core/settings/settings.ts';
import { createMoonshine } from '../../engines/moonshine.ts';
import { createUltravox } from '../../engines/ultravox.ts';
import { microMoonshine } from '../support/micro/moonshine.ts';
import { tones, type Tone } from '../support/micro/tones.ts';
import { microUltravox } from '../support/micro/ultravox.ts';
import { writeModel } from '../support/micro/write.ts';
import { createScriptedPlayer } from '../support/scripted-player.ts';
import {
  createScriptedSource,
  createScriptedSynthesizer,
  createScriptedTurnDetector,
} from '../support/scripted-stages.ts';
import { never } from '../support/stage-contract.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const ears = await writeModel('moonshine', microMoonshine());
const model = await writeModel('ultravox', microUltravox());
afterAll(async () => {
  await ears.remove();
  await model.remove();
});

/** A session whose clock is virtual, while recognition and answers take what time they take. */
async function createConversation() {
  const clock = createVirtualClock();
  const source = createScriptedSource(clock);
  const recognizer = createMoonshine(ears.config);
  const responder = createUltravox(model.config);
  await recognizer.load(() => {}, never);
  await responder.load(() => {}, never);
  const session = createSession(
    {
      clock,
      source,
      recognizer,
      responder,
      synthesizer: createScriptedSynthesizer(clock, { firstMs: 40, msPerCharacter: 20 }),
      turnDetector: createScriptedTurnDetector(clock, { verdicts: [], delayMs: 10 }),
      player: createScriptedPlayer(clock),
      toolbox: { descriptions: [], hasSideEffect: () => false, run: () => Promise.resolve('{}') },
      systemPrompt: () => 'Name the tone.',
    },
    defaultSettings,
  );
  session.start();
  await clock.settle();
  let utterance = 0;
  const texts = (): string[] => session.view().messages.map(({ role, text }) => `${role}: ${text}`);
  return {
    async say(tone: Tone) {
      utterance += 1;
      source.started(utterance);
      const { samples } = tones(tone);
      for (let start = 0; start < samples.length; start += FRAME_SAMPLES)
        source.continued(utterance, samples.slice(start, start + FRAME_SAMPLES));
      source.confirmed(utterance);
      await clock.advance(700);
      source.paused(utterance);
    },
    /** Lets time pass until this is the conversation. */
    async reads(...lines: string[]) {
      const passing = async (): Promise<string[]> => {
        await clock.advance(20);
        return session.view().phase === 'listening' ? texts() : [];
      };
      await expect.poll(passing, { interval: 10, timeout: 60_000 }).toEqual(lines);
    },
    async end() {
      session.dispose();
      await recognizer.dispose();
      await responder.dispose();
    },
  };
}

describe('A conversation with a model that hears', () => {
  it('[HEAR-1] [HEAR-2] answers sounds by their sound, shows their words, and remembers that there were others', async () => {
    const conversation = await createConversation();
    await conversation.say('low');
    await conversation.reads('user: low tone', 'assistant: low tone');
    await conversation.say('high');
    await conversation.reads(
      'user: low tone',
      'assistant: low tone',
      'user: high tone',
      'assistant: high again',
    );
    await conversation.end();
  });
});
