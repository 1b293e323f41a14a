import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import { defaultSettings } from '../../../core/settings/settings.ts';
import type { Heard } from '../../support/scripted-stages.ts';
import { createScene } from '../../support/scene.ts';

const story = 'Once upon a time there was a fox. It lived in a wood. It was happy.';

async function speakingScene(texts: (string | Heard)[]) {
  const scene = createScene({ texts: ['Tell me a story.', ...texts], replies: [[story], ['All right.']] });
  await scene.talk();
  await scene.say();
  await scene.clock.advance(1000);
  expect(scene.phase()).toBe('speaking');
  return scene;
}

describe('an interruption', () => {
  it('[BARGE-1] ducks at the first sign of speech and stops when it is confirmed', async () => {
    const scene = await speakingScene(['What time is it?']);
    const id = scene.nextUtterance();
    scene.source.started(id);
    await scene.clock.settle();
    expect(scene.player.ducked).toBe(true);
    expect(scene.phase()).toBe('speaking');
    await scene.clock.advance(96);
    scene.source.confirmed(id);
    await scene.clock.settle();
    expect(scene.phase()).toBe('hearing');
    const sounded = scene.player.sounded.length;
    await scene.clock.advance(3000);
    expect(scene.player.sounded).toHaveLength(sounded);
    scene.source.paused(id);
    await scene.clock.advance(100);
    expect(scene.lastAnswer()?.state).toBe('interrupted');
    expect(scene.player.ducked).toBe(false);
  });

  it('[BARGE-2] a misfire raises the voice again and the reply goes on to its end', async () => {
    const scene = await speakingScene([]);
    const id = scene.nextUtterance();
    scene.source.started(id);
    await scene.clock.advance(60);
    scene.source.misfire(id);
    await scene.clock.settle();
    expect(scene.player.ducked).toBe(false);
    await scene.clock.advance(10_000);
    expect(scene.lastAnswer()).toMatchObject({ text: story, heard: story, state: 'final' });
  });

  it('[BARGE-3] history keeps what was heard, and the model is told no more than that', async () => {
    const scene = await speakingScene(['What time is it?']);
    await scene.say();
    await scene.clock.advance(60);
    const cut = scene.lastAnswer();
    expect(cut?.state).toBe('interrupted');
    expect(story.startsWith(cut?.heard ?? 'x')).toBe(true);
    expect(cut?.heard?.length).toBeGreaterThan(5);
    expect(cut?.heard?.length).toBeLessThan(story.length);
    await scene.clock.advance(3000);
    const told = scene.responder.requests.at(-1)?.messages.map(({ content }) => content);
    expect(told).toEqual(['Be brief.', 'Tell me a story.', `${cut?.heard}...`, 'What time is it?']);
  });

  it.each([
    ['no words', ''],
    ['a word of agreement', 'Mm-hmm.'],
    ['its own words', 'time there was a fox'],
  ])(
    '[BARGE-8] what brings %s was no interruption: the reply goes on where it stopped',
    async (_name, heard) => {
      const scene = await speakingScene([heard]);
      await scene.clock.advance(1000);
      await scene.say(300);
      expect(scene.phase()).toBe('deciding');
      const soundedBefore = scene.player.sounded.length;
      await scene.clock.advance(60);
      expect(scene.phase()).toBe('speaking');
      expect(scene.source.playback).toBe(true);
      expect(scene.player.sounded.length).toBe(soundedBefore + 1);
      await scene.clock.advance(10_000);
      expect(scene.lastAnswer()).toMatchObject({ text: story, heard: story, state: 'final' });
      expect(scene.texts()).toHaveLength(2);
      expect(scene.responder.requests).toHaveLength(1);
    },
  );

  it('[BARGE-10] its own words that it hears after the reply has ended are no turn', async () => {
    const scene = createScene({
      texts: ['Hello.', 'Hi Anna, how are you?'],
      replies: [['Hi Anna, how are you?']],
    });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(1900);
    expect(scene.phase()).toBe('listening');
    await scene.say(400);
    await scene.clock.advance(3000);
    expect(scene.texts()).toHaveLength(2);
    expect(scene.phase()).toBe('listening');
  });

  it('[BARGE-8] half a word of agreement does not cut the reply either', async () => {
    const scene = createScene({
      texts: ['Tell me a story.', 'Uh-huh.'],
      partials: ['Uh'],
      replies: [[story], ['All right.']],
    });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(1000);
    const id = scene.nextUtterance();
    scene.source.started(id);
    await scene.clock.advance(96);
    scene.source.confirmed(id);
    scene.source.continued(id);
    await scene.clock.advance(200);
    scene.source.paused(id);
    await scene.clock.advance(10_000);
    expect(scene.lastAnswer()).toMatchObject({ text: story, heard: story, state: 'final' });
    expect(scene.texts()).toHaveLength(2);
  });

  it('[BARGE-8] a click while agreement is still being recognised does not cut the reply either', async () => {
    const scene = createScene({ texts: ['Tell me a story.', 'Mm-hmm.'], replies: [[story]], sttMs: 700 });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(2000);
    expect(scene.phase()).toBe('speaking');
    await scene.say(300);
    await scene.clock.advance(450);
    const click = scene.nextUtterance();
    scene.source.started(click);
    await scene.clock.advance(50);
    scene.source.misfire(click);
    await scene.clock.advance(15_000);
    expect(scene.lastAnswer()).toMatchObject({ text: story, heard: story, state: 'final' });
    expect(scene.texts()).toHaveLength(2);
  });

  it('[BARGE-2] a microphone that goes in the middle of a cough leaves nothing ducked and nobody waiting', async () => {
    const scene = await speakingScene([]);
    scene.source.started(scene.nextUtterance());
    await scene.clock.settle();
    scene.source.fail(new AppError('mic.lost', 'The microphone was unplugged.'));
    await scene.clock.settle();
    expect(scene.player.ducked).toBe(false);
    await scene.clock.advance(10_000);
    expect(scene.lastAnswer()?.state).toBe('final');
    expect(scene.phase()).toBe('idle');
  });

  it('[BARGE-3] an answer that is only shown counts as given', async () => {
    const scene = createScene({
      texts: ['Tell me a story.', 'What time is it?'],
      replies: [['Once there was a fox. ', 'It was happy. ', 'The end. '], ['It is noon.']],
      nextTokenMs: 500,
      settings: { ...defaultSettings, captionsOnly: true },
    });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(1000);
    await scene.say();
    await scene.clock.advance(3000);
    expect(scene.texts()).toEqual([
      'user: Tell me a story.',
      expect.stringContaining('Once there was a fox.'),
      'user: What time is it?',
      'assistant: It is noon.',
    ]);
  });

  it('[BARGE-9] one word is an interruption even when the assistant just said it', async () => {
    const scene = await speakingScene(['Fox.']);
    await scene.clock.advance(1500);
    await scene.say(300);
    await scene.clock.advance(3000);
    expect(scene.texts()).toEqual([
      'user: Tell me a story.',
      `assistant: ${story}`,
      'user: Fox.',
      'assistant: All right.',
    ]);
    expect(scene.session.view().messages[1]?.state).toBe('interrupted');
  });

  it('[BARGE-13] a murmur that was hardly understood is none, and a whole sentence is one all the same', async () => {
    const murmured = await speakingScene([{ text: 'Emma m hmm.', confidence: 0.6 }]);
    await murmured.say(300);
    await murmured.clock.advance(10_000);
    expect(murmured.lastAnswer()).toMatchObject({ text: story, heard: story, state: 'final' });
    expect(murmured.texts()).toHaveLength(2);
    const muffled = await speakingScene([{ text: 'What is the thyme in Paris?', confidence: 0.6 }]);
    await muffled.say(900);
    await muffled.clock.advance(3000);
    expect(muffled.texts().at(-1)).toBe('assistant: All right.');
  });

  it('[BARGE-9] "stop" is obeyed also when it was hardly understood', async () => {
    const scene = await speakingScene([{ text: 'Stop.', confidence: 0.4 }]);
    await scene.say(300);
    await scene.clock.advance(3000);
    expect(scene.lastAnswer()?.state).toBe('interrupted');
  });

  it('[BARGE-4] an unconfirmed interruption at the end of the reply becomes the next utterance', async () => {
    const scene = createScene({ texts: ['Hello.', 'What time is it?'], replies: [['Hi.'], ['It is noon.']] });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(500);
    const id = scene.nextUtterance();
    scene.source.started(id);
    await scene.clock.advance(96);
    expect(scene.phase()).toBe('hearing');
    scene.source.confirmed(id);
    await scene.clock.advance(500);
    scene.source.paused(id);
    await scene.clock.advance(3000);
    expect(scene.texts().at(-1)).toBe('assistant: It is noon.');
  });

  it('[BARGE-5] Stop silences the reply at once and keeps the microphone open', async () => {
    const scene = await speakingScene([]);
    scene.session.stop();
    const sounded = scene.player.sounded.length;
    await scene.clock.advance(5000);
    expect(scene.phase()).toBe('listening');
    expect(scene.player.sounded).toHaveLength(sounded);
    expect(scene.lastAnswer()?.state).toBe('interrupted');
  });

  it('[BARGE-6] raises the bar for speech while the assistant is audible', async () => {
    const scene = await speakingScene([]);
    expect(scene.source.playback).toBe(true);
    await scene.clock.advance(10_000);
    expect(scene.source.playback).toBe(false);
  });

  it('[BARGE-7] ending the conversation stops mouth and ears', async () => {
    const scene = await speakingScene([]);
    scene.session.end();
    const sounded = scene.player.sounded.length;
    await scene.clock.advance(5000);
    expect(scene.phase()).toBe('idle');
    expect(scene.player.sounded).toHaveLength(sounded);
  });
});

describe('muting and push-to-talk', () => {
  it('[MUTE-1] mute drops what is being heard and lets a reply go on', async () => {
    const scene = await speakingScene([]);
    scene.session.setMuted(true);
    expect(scene.source.muted).toBe(true);
    await scene.clock.advance(10_000);
    expect(scene.lastAnswer()?.state).toBe('final');
    scene.session.setMuted(false);
    scene.source.started(scene.nextUtterance());
    await scene.clock.settle();
    scene.session.setMuted(true);
    expect(scene.phase()).toBe('listening');
    expect(scene.session.view().muted).toBe(true);
  });

  it('[MUTE-2] while the key is up nothing is heard; letting go takes the turn at once', async () => {
    const scene = createScene({ settings: { ...defaultSettings, talkMode: 'hold' } });
    await scene.talk();
    expect(scene.source.muted).toBe(true);
    scene.session.setHeld(true);
    expect(scene.source.muted).toBe(false);
    const id = scene.nextUtterance();
    scene.source.started(id);
    await scene.clock.advance(100);
    scene.source.confirmed(id);
    await scene.clock.advance(400);
    scene.source.resumed(id);
    scene.session.setHeld(false);
    await scene.clock.settle();
    expect(scene.source.closed).toEqual([id]);
    expect(scene.source.muted).toBe(true);
    await scene.clock.advance(2000);
    expect(scene.lastAnswer()?.text).toBe('It is noon.');
  });

  it('[MUTE-3] pressing the key takes the floor', async () => {
    const scene = createScene({ settings: { ...defaultSettings, talkMode: 'hold' }, replies: [[story]] });
    await scene.talk();
    scene.session.submitText('Tell me a story.');
    await scene.clock.advance(500);
    expect(scene.phase()).toBe('speaking');
    scene.session.setHeld(true);
    expect(scene.phase()).toBe('listening');
  });
});
