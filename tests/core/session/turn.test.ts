import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import { defaultSettings } from '../../../core/settings/settings.ts';
import { createScene, toolCall } from '../../support/scene.ts';

describe('a spoken turn', () => {
  it('[TURN-1] goes from listening to hearing, thinking, speaking and back', async () => {
    const scene = createScene();
    expect(scene.phase()).toBe('idle');
    await scene.talk();
    expect(scene.phase()).toBe('listening');
    scene.source.started(scene.nextUtterance());
    await scene.clock.settle();
    expect(scene.phase()).toBe('hearing');
    scene.source.misfire(1);
    await scene.clock.settle();
    expect(scene.phase()).toBe('listening');
    await scene.say();
    expect(scene.phase()).toBe('deciding');
    await scene.clock.advance(401);
    expect(scene.phase()).toBe('speaking');
    await scene.clock.advance(1000);
    expect(scene.phase()).toBe('listening');
    expect(scene.texts()).toEqual(['user: What time is it?', 'assistant: It is noon.']);
  });

  it('[TURN-2] works ahead in the soft pause but makes no sound before the turn is taken', async () => {
    const scene = createScene();
    await scene.talk();
    await scene.say();
    await scene.clock.advance(399);
    expect(scene.responder.requests).toHaveLength(1);
    expect(scene.synthesizer.spoken).toEqual(['It is noon.']);
    expect(scene.player.sounded).toEqual([]);
    await scene.clock.advance(1);
    expect(scene.player.sounded).toHaveLength(1);
    expect(scene.responder.requests).toHaveLength(1);
  });

  it('[TURN-3] throws speculative work away when the person goes on, and answers the whole sentence', async () => {
    const scene = createScene({ texts: ['Set a timer', 'Set a timer for two minutes.'] });
    await scene.talk();
    const id = await scene.say();
    await scene.clock.advance(300);
    expect(scene.responder.requests).toHaveLength(1);
    scene.source.resumed(id);
    await scene.clock.advance(500);
    expect(scene.phase()).toBe('hearing');
    scene.source.paused(id);
    await scene.clock.advance(2000);
    expect(scene.player.sounded.map(({ clause }) => clause)).toEqual([0]);
    expect(scene.texts()).toEqual(['user: Set a timer for two minutes.', 'assistant: It is noon.']);
  });

  it('[TURN-4] does nothing when no words were recognised', async () => {
    const scene = createScene({ texts: [''] });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(1000);
    expect(scene.phase()).toBe('listening');
    expect(scene.responder.requests).toHaveLength(0);
    expect(scene.texts()).toEqual([]);
  });

  it('[TURN-5] waits for words that come after the silence is over', async () => {
    const scene = createScene({ sttMs: 900 });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(500);
    expect(scene.phase()).toBe('thinking');
    expect(scene.source.closed).toEqual([1]);
    await scene.clock.advance(600);
    expect(scene.phase()).toBe('speaking');
  });

  it('[TURN-6] joins an utterance that follows before anything was answered', async () => {
    const scene = createScene({ texts: ['My name is Anna.', 'And what is yours?'], firstTokenMs: 5000 });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(1000);
    expect(scene.phase()).toBe('thinking');
    await scene.say();
    await scene.clock.advance(8000);
    expect(scene.texts()[0]).toBe('user: My name is Anna. And what is yours?');
    expect(scene.responder.requests.at(-1)?.messages.at(-1)?.content).toBe(
      'My name is Anna. And what is yours?',
    );
  });

  it('[TURN-6] answers what was said first when the addition is muted away', async () => {
    const scene = createScene({ texts: ['What time is it?', 'ignored'], firstTokenMs: 2000 });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(1000);
    const addition = scene.nextUtterance();
    scene.source.started(addition);
    await scene.clock.advance(96);
    scene.source.confirmed(addition);
    await scene.clock.settle();
    scene.session.setMuted(true);
    await scene.clock.advance(5000);
    expect(scene.texts()).toEqual(['user: What time is it?', 'assistant: It is noon.']);
  });

  it('[TURN-6] keeps in mind what was said before the person began to type', async () => {
    const scene = createScene({ texts: ['My name is Anna.'], firstTokenMs: 2000 });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(1000);
    const addition = scene.nextUtterance();
    scene.source.started(addition);
    await scene.clock.advance(96);
    scene.source.confirmed(addition);
    await scene.clock.settle();
    scene.session.submitText('What is my name?');
    await scene.clock.advance(1000);
    expect(scene.responder.requests.at(-1)?.messages.at(-1)?.content).toBe(
      'My name is Anna. What is my name?',
    );
  });

  it('[TURN-7] ignores settled words of a pause that is no longer the last', async () => {
    const scene = createScene({ texts: ['One', 'One two'], sttMs: 150 });
    await scene.talk();
    const id = await scene.say();
    scene.source.resumed(id);
    await scene.clock.advance(50);
    scene.source.paused(id);
    await scene.clock.advance(110);
    expect(scene.responder.requests).toHaveLength(0);
    await scene.clock.advance(3000);
    expect(scene.texts()[0]).toBe('user: One two');
  });

  it('[TURN-8] leaves a trace with every moment in order on one clock', async () => {
    const scene = createScene();
    await scene.talk();
    await scene.say();
    await scene.clock.advance(3000);
    const trace = scene.traces[0];
    expect(trace).toMatchObject({
      speechEndMs: 1000,
      pauseMs: 1200,
      transcriptMs: 1250,
      firstTokenMs: 1330,
      firstClauseMs: 1330,
      firstChunkMs: 1370,
      endpointMs: 1600,
      firstAudibleMs: 1600,
    });
  });
});

describe('typing', () => {
  it('[TYPE-1] is answered aloud without a microphone', async () => {
    const scene = createScene();
    scene.session.submitText('  What time is it?  ');
    await scene.clock.advance(200);
    expect(scene.phase()).toBe('speaking');
    await scene.clock.advance(2000);
    expect(scene.phase()).toBe('idle');
    expect(scene.texts()).toEqual(['user: What time is it?', 'assistant: It is noon.']);
  });

  it('[TYPE-2] interrupts a reply like speaking does', async () => {
    const scene = createScene({ replies: [['It is a long story indeed.'], ['Fine.']] });
    await scene.talk();
    scene.session.submitText('Tell me a story.');
    await scene.clock.advance(400);
    scene.session.submitText('How are you?');
    await scene.clock.advance(3000);
    expect(scene.session.view().messages[1]?.state).toBe('interrupted');
    expect(scene.texts().at(-1)).toBe('assistant: Fine.');
  });

  it('[TYPE-3] refuses a message that is too long, in words, and ignores an empty one', async () => {
    const scene = createScene();
    scene.session.submitText('a'.repeat(5000));
    scene.session.submitText('   ');
    await scene.clock.advance(100);
    expect(scene.session.view().notices[0]?.message).toContain('4000 characters');
    expect(scene.responder.requests).toHaveLength(0);
  });
});

describe('tools', () => {
  it('[TURN-9] runs a tool that changes nothing during the pause, and speaks the result at the commit', async () => {
    const scene = createScene({ replies: [[toolCall('get_time')], ['It is noon.']] });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(399);
    expect(scene.toolCalls).toHaveLength(1);
    expect(scene.responder.requests).toHaveLength(2);
    expect(scene.player.sounded).toEqual([]);
    await scene.clock.advance(2000);
    expect(scene.lastAnswer()).toMatchObject({ text: 'It is noon.', state: 'final', tools: ['get_time'] });
  });

  it('[TURN-10] holds a tool with side effects until the turn is taken, and never runs it when it is not', async () => {
    const scene = createScene({
      texts: ['Set a timer', 'Set a timer for two minutes.'],
      replies: [[toolCall('set_timer', 'a')], [toolCall('set_timer', 'b')], ['Done.']],
    });
    await scene.talk();
    const id = await scene.say();
    await scene.clock.advance(390);
    scene.source.resumed(id);
    await scene.clock.advance(300);
    scene.source.paused(id);
    await scene.clock.advance(399);
    expect(scene.toolCalls).toHaveLength(0);
    await scene.clock.advance(2000);
    expect(scene.toolCalls.map(({ id: call }) => call)).toEqual(['b']);
    expect(scene.lastAnswer()?.text).toBe('Done.');
  });

  it('[TURN-11] stops a model that calls tools for ever, in words', async () => {
    const scene = createScene({ replies: [[toolCall('get_time')]] });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(3000);
    expect(scene.toolCalls).toHaveLength(5);
    expect(scene.phase()).toBe('listening');
    expect(scene.session.view().notices).toHaveLength(1);
  });
});

describe('several rounds of one reply', () => {
  it('[TURN-11] lets what was said be heard to its end before the turn is given up', async () => {
    const scene = createScene({ replies: [['Let me see. ', toolCall('get_time')]] });
    await scene.talk();
    scene.session.submitText('What time is it?');
    await scene.clock.advance(1500);
    expect(scene.phase()).toBe('speaking');
    expect(scene.session.view().notices).toHaveLength(1);
    await scene.clock.advance(10_000);
    expect(scene.player.sounded).toHaveLength(5);
    expect(scene.phase()).toBe('listening');
  });

  it('[HIST-1] keeps the texts of two rounds apart', async () => {
    const scene = createScene({ replies: [['Let me check.', toolCall('get_time')], ['It is noon.']] });
    scene.session.submitText('What time is it?');
    await scene.clock.advance(5000);
    expect(scene.lastAnswer()?.text).toBe('Let me check. It is noon.');
  });

  it('[HIST-1] forgets the rest of a sentence that a failure left unsaid', async () => {
    const failure = new AppError('engine.failed', 'It stopped.');
    const scene = createScene({ replies: [['Well, then. ', 'It is now ', failure]] });
    scene.session.submitText('What time is it?');
    await scene.clock.advance(5000);
    expect(scene.synthesizer.spoken).toEqual(['Well, then.']);
    expect(scene.lastAnswer()).toMatchObject({ text: 'Well, then.', heard: 'Well, then.' });
  });
});

describe('when a stage fails', () => {
  const broken = new AppError('worker.died', 'The voice engine stopped. It is being restarted.', {
    retryable: true,
  });

  it('[FAIL-1] recognition: says so and listens again', async () => {
    const scene = createScene({ texts: [broken, 'What time is it?'] });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(1000);
    expect(scene.phase()).toBe('listening');
    expect(scene.session.view().notices[0]?.code).toBe('worker.died');
    await scene.say();
    await scene.clock.advance(3000);
    expect(scene.lastAnswer()?.text).toBe('It is noon.');
  });

  it('[FAIL-2] the language model: says so, keeps what was said, and answers the next turn', async () => {
    const scene = createScene({ replies: [['Well, ', broken], [broken], ['It is noon.']] });
    scene.session.submitText('Hello');
    await scene.clock.advance(3000);
    expect(scene.phase()).toBe('idle');
    scene.session.submitText('Hello?');
    await scene.clock.advance(3000);
    expect(scene.session.view().notices).toHaveLength(1);
    scene.session.submitText('Hello again');
    await scene.clock.advance(3000);
    expect(scene.lastAnswer()?.text).toBe('It is noon.');
  });

  it('[FAIL-3] a speculative reply: nobody is told, the commit asks again', async () => {
    const scene = createScene({ replies: [[broken], ['It is noon.']] });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(4000);
    expect(scene.session.view().notices).toEqual([]);
    expect(scene.lastAnswer()?.text).toBe('It is noon.');
  });

  it('[FAIL-4] the voice: the answer is shown as text', async () => {
    const scene = createScene();
    scene.synthesizer.fail = broken;
    scene.session.submitText('What time is it?');
    await scene.clock.advance(1000);
    expect(scene.phase()).toBe('idle');
    expect(scene.lastAnswer()).toMatchObject({ text: 'It is noon.', state: 'final' });
    expect(scene.session.view().notices[0]?.message).toContain('shown as text');
  });

  it('[FAIL-5] the microphone: the conversation stays, and Talk opens it again', async () => {
    const scene = createScene();
    await scene.talk();
    scene.source.started(scene.nextUtterance());
    await scene.clock.settle();
    scene.source.fail(new AppError('mic.lost', 'The microphone was unplugged.'));
    await scene.clock.settle();
    expect(scene.phase()).toBe('idle');
    expect(scene.session.view().notices[0]?.code).toBe('mic.lost');
    await scene.talk();
    await scene.say();
    await scene.clock.advance(3000);
    expect(scene.lastAnswer()?.text).toBe('It is noon.');
  });

  it('[FAIL-6] a model that gives no sign of life for a minute: the turn ends in words', async () => {
    const scene = createScene({ firstTokenMs: 600_000 });
    await scene.talk();
    await scene.say();
    await scene.clock.advance(61_000);
    expect(scene.phase()).toBe('listening');
    expect(scene.session.view().notices[0]?.code).toBe('engine.timeout');
  });

  it('[FAIL-7] a reply without end is cut at a bound', async () => {
    const scene = createScene({
      replies: [Array.from({ length: 10_000 }, () => 'on and on. ')],
      nextTokenMs: 0,
    });
    scene.session.applySettings({ ...defaultSettings, captionsOnly: true });
    scene.session.submitText('Talk.');
    await scene.clock.advance(1000);
    expect(scene.phase()).toBe('idle');
    expect(scene.lastAnswer()?.text.length).toBeLessThan(10_100);
  });
});
