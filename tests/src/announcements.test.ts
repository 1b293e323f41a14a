import { describe, expect, it } from 'vitest';
import type { ViewMessage } from '../../core/session/view.ts';
import { announceMessages, announceState, type Announced } from '../../src/state/announcements.ts';

function assistant(text: string, state: ViewMessage['state'] = 'partial', heard?: string): ViewMessage {
  return { id: 'a1', role: 'assistant', text, state, ...(heard === undefined ? {} : { heard }) };
}

/** Everything announced while the message grew through these stages. */
function announceAll(stages: ViewMessage[][]): string[] {
  let announced: Announced = new Map();
  return stages.flatMap((messages) => {
    const next = announceMessages(messages, announced);
    announced = next.announced;
    return next.lines;
  });
}

describe('what a screen reader is told', () => {
  it('hears a reply sentence by sentence, each once, never by token', () => {
    const text = 'It is 3.5 degrees. Take a coat! Bye';
    const stages = Array.from(text, (_, end) => [assistant(text.slice(0, end + 1))]);
    expect(announceAll([...stages, [assistant(text, 'final')], [assistant(text, 'final')]])).toEqual([
      'Parley: It is 3.5 degrees.',
      'Take a coat!',
      'Bye',
    ]);
  });

  it('hears the person’s own words once they are final', () => {
    const user = (text: string, state: ViewMessage['state']): ViewMessage[] => [
      { id: 'u1', role: 'user', text, state },
    ];
    expect(announceAll([user('What. ', 'partial'), user('What time is it?', 'final')])).toEqual([
      'You: What time is it?',
    ]);
  });

  it('hears of an interruption only as far as the reply was heard', () => {
    const text = 'One two. Three four five.';
    const stages = [[assistant('One two. Three')], [assistant(text, 'interrupted', 'One two. Three')]];
    expect(announceAll(stages)).toEqual(['Parley: One two.', 'Three Interrupted.']);
  });

  it('hears nothing of a reply that ended without words', () => {
    expect(announceAll([[assistant('')], [assistant('', 'final')]])).toEqual([]);
  });

  it('hears when the conversation changes, not every phase of a turn', () => {
    expect(announceState('idle', 'loading')).toBe('Loading the models.');
    expect(announceState('loading', 'listening')).toBe('Listening.');
    expect(announceState('listening', 'muted')).toBe('Microphone muted.');
    expect(announceState('listening', 'idle')).toContain('ended');
    expect(announceState('speaking', 'listening')).toBeUndefined();
    expect(announceState('listening', 'hearing')).toBeUndefined();
    expect(announceState('listening', 'listening')).toBeUndefined();
  });
});
