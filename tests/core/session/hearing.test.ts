import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import type { ChatMessage } from '../../../core/stages/stage.ts';
import { createScene, type SceneScript } from '../../support/scene.ts';

type Scene = ReturnType<typeof createScene>;

/** A conversation with a model that hears. */
async function createHearingScene(script: SceneScript = {}): Promise<Scene> {
  const scene = createScene({ hears: true, ...script });
  await scene.talk();
  return scene;
}

/** Speaks for a second, of which so many frames of sound arrive, and falls silent up to the soft pause. */
async function speak(scene: Scene, frames: number): Promise<number> {
  const id = scene.nextUtterance();
  scene.source.started(id);
  for (let frame = 0; frame < frames; frame++) scene.source.continued(id);
  await scene.clock.advance(96);
  scene.source.confirmed(id);
  await scene.clock.advance(1_100);
  scene.source.paused(id);
  await scene.clock.settle();
  return id;
}

const lastMessage = (scene: Scene): ChatMessage | undefined =>
  scene.responder.requests.at(-1)?.messages.at(-1);

/** Frames of sound in a message; undefined where it has none. */
function framesOf(message: ChatMessage | undefined): number | undefined {
  return message?.role === 'user' && message.audio ? message.audio.samples.length / 512 : undefined;
}

describe('a model that hears', () => {
  it('[HEAR-1] is asked with the sound up to the pause', async () => {
    const scene = await createHearingScene();
    await speak(scene, 7);
    expect(framesOf(lastMessage(scene))).toBe(7);
    await scene.clock.advance(3_000);
    expect(scene.responder.requests).toHaveLength(1);
    expect(scene.texts()).toEqual(['user: What time is it?', 'assistant: It is noon.']);
  });

  it('[HEAR-1] hears the whole turn when the person goes on, in one utterance or in two', async () => {
    const scene = await createHearingScene({
      texts: ['Set a timer', 'Set a timer for two minutes.', 'Please.'],
    });
    const id = await speak(scene, 3);
    await scene.clock.advance(100);
    scene.source.resumed(id);
    await scene.clock.advance(500);
    scene.source.paused(id);
    await scene.clock.settle();
    expect(framesOf(lastMessage(scene))).toBe(4);
    await speak(scene, 2);
    expect(framesOf(lastMessage(scene))).toBe(6);
    await scene.clock.advance(3_000);
    expect(scene.texts()).toEqual(['user: Set a timer for two minutes. Please.', 'assistant: It is noon.']);
  });

  it('[HEAR-1] hears what is said with push-to-talk, which has no pause', async () => {
    const settings = { talkMode: 'hold' } as const;
    const scene = await createHearingScene({ settings });
    scene.session.setHeld(true);
    await scene.clock.settle();
    const id = scene.nextUtterance();
    scene.source.started(id);
    for (let frame = 0; frame < 5; frame++) scene.source.continued(id);
    await scene.clock.advance(1_000);
    scene.source.confirmed(id);
    scene.session.setHeld(false);
    await scene.clock.advance(3_000);
    expect(framesOf(lastMessage(scene))).toBe(5);
    expect(scene.texts()).toEqual(['user: What time is it?', 'assistant: It is noon.']);
  });

  it('[HEAR-2] is told the words of the turns before', async () => {
    const scene = await createHearingScene({ texts: ['My name is Anna.', 'What is my name?'] });
    await speak(scene, 3);
    await scene.clock.advance(3_000);
    await speak(scene, 3);
    expect(scene.responder.requests.at(-1)?.messages.slice(1, 3)).toEqual([
      { role: 'user', content: 'My name is Anna.' },
      { role: 'assistant', content: 'It is noon.' },
    ]);
    expect(framesOf(lastMessage(scene))).toBe(3);
  });

  it('[HEAR-2] is answered in writing without sound', async () => {
    const scene = await createHearingScene();
    scene.session.submitText('What time is it?');
    await scene.clock.advance(1_000);
    expect(lastMessage(scene)).toEqual({ role: 'user', content: 'What time is it?' });
  });

  it('[HEAR-3] begins its answer with the pause, and gives it before the words are known', async () => {
    const scene = await createHearingScene({ sttMs: 1_500 });
    await speak(scene, 3);
    expect(scene.responder.requests).toHaveLength(1);
    await scene.clock.advance(800);
    expect(scene.player.sounded).toHaveLength(1);
    expect(scene.texts()).toEqual(['assistant: It is noon.']);
    await scene.clock.advance(3_000);
    expect(scene.texts()).toEqual(['user: What time is it?', 'assistant: It is noon.']);
    expect(scene.responder.requests).toHaveLength(1);
  });

  it('[HEAR-3] remembers words that come after the answer', async () => {
    const scene = await createHearingScene({ sttMs: 5_000 });
    await speak(scene, 3);
    await scene.clock.advance(3_000);
    expect(scene.phase()).toBe('listening');
    expect(scene.texts()).toEqual(['assistant: It is noon.']);
    await scene.clock.advance(3_000);
    expect(scene.texts()).toEqual(['user: What time is it?', 'assistant: It is noon.']);
  });

  it('[HEAR-3] gives the same answer when the words are there first', async () => {
    const scene = await createHearingScene({ sttMs: 10, verdicts: [1] });
    await speak(scene, 3);
    await scene.clock.advance(3_000);
    expect(scene.responder.requests).toHaveLength(1);
    expect(scene.session.view().ahead).toMatchObject({ started: 1, kept: 1, wasted: 0 });
  });

  it('[HEAR-3] adds what is said before the answer sounds, also while the words of the first part are missing', async () => {
    const texts = ['What time is it', 'in Rome?'];
    const scene = await createHearingScene({ texts, sttMs: 1_500, firstTokenMs: 4_000 });
    await speak(scene, 3);
    await scene.clock.advance(800);
    expect(scene.phase()).toBe('thinking');
    await speak(scene, 2);
    expect(framesOf(lastMessage(scene))).toBe(5);
    await scene.clock.advance(8_000);
    expect(scene.texts()).toEqual(['user: What time is it in Rome?', 'assistant: It is noon.']);
  });

  it('[HEAR-4] is not answered where there were no words', async () => {
    const scene = await createHearingScene({ texts: [''] });
    await speak(scene, 3);
    await scene.clock.advance(3_000);
    expect(scene.phase()).toBe('listening');
    expect(scene.player.sounded).toEqual([]);
    expect(scene.texts()).toEqual([]);
  });

  it('[HEAR-4] takes back an answer that was due before it was clear that there were no words', async () => {
    const scene = await createHearingScene({ texts: [''], sttMs: 1_500, firstTokenMs: 2_000 });
    await speak(scene, 3);
    await scene.clock.advance(1_000);
    expect(scene.phase()).toBe('thinking');
    await scene.clock.advance(5_000);
    expect(scene.phase()).toBe('listening');
    expect(scene.player.sounded).toEqual([]);
    expect(scene.texts()).toEqual([]);
  });

  it('[HEAR-5] is asked about the words when it fails on the sound', async () => {
    const tooLong = new AppError('audio.invalid', 'The recording is too long.');
    const scene = await createHearingScene({ replies: [[tooLong], ['It is noon.']], sttMs: 200 });
    await speak(scene, 3);
    await scene.clock.advance(3_000);
    expect(scene.responder.requests.map((request) => framesOf(request.messages.at(-1)))).toEqual([
      3,
      undefined,
    ]);
    expect(lastMessage(scene)?.content).toBe('What time is it?');
    expect(scene.texts()).toEqual(['user: What time is it?', 'assistant: It is noon.']);
    expect(scene.session.view().notices).toEqual([]);
  });

  it('[FAIL-1] goes on with its answer where recognition fails meanwhile, and says so', async () => {
    const broken = new AppError('worker.died', 'Recognition stopped.');
    const scene = await createHearingScene({ texts: [broken], sttMs: 1_500, msPerCharacter: 200 });
    await speak(scene, 3);
    await scene.clock.advance(1_600);
    expect(scene.session.view().notices).toMatchObject([{ code: 'worker.died' }]);
    await scene.clock.advance(3_000);
    expect(scene.texts()).toEqual(['assistant: It is noon.']);
    expect(scene.phase()).toBe('listening');
  });

  it('[BARGE-3] is interrupted as any other: words decide, and history keeps what was heard', async () => {
    const long = 'Once upon a time there was a fox, who lived in a wood, and was never seen by anybody.';
    const scene = await createHearingScene({
      texts: ['Tell me a story.', 'Stop it now please.'],
      replies: [[long]],
    });
    await speak(scene, 3);
    await scene.clock.advance(1_500);
    expect(scene.phase()).toBe('speaking');
    await speak(scene, 2);
    await scene.clock.advance(300);
    expect(scene.lastAnswer()?.state).toBe('interrupted');
    expect(framesOf(lastMessage(scene))).toBe(2);
  });
});
