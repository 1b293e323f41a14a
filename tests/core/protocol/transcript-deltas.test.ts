import { expect, it } from 'vitest';
import { createTranscriptDeltas } from '../../../core/protocol/transcript-deltas.ts';

function deltasOf(partials: string[], final: string): string[] {
  const deltas = createTranscriptDeltas();
  return [...partials.map((text) => deltas.push(text)), deltas.end(final)];
}

it('words are given out once two transcripts agree on them', () => {
  expect(deltasOf(['Set a', 'Set a time', 'Set a timer for'], 'Set a timer for ten minutes.')).toEqual([
    '',
    'Set a',
    '',
    ' timer for ten minutes.',
  ]);
});

it('together they are the transcript, where that keeps the words given out', () => {
  const partials = ['What', 'What is', 'What is twelve', 'What is twelve times'];
  expect(deltasOf(partials, 'What is twelve times seven?').join('')).toBe('What is twelve times seven?');
});

it('nothing is taken back: a transcript that changed its beginning adds nothing', () => {
  expect(deltasOf(['Wait a', 'Wait a'], 'Weight of it')).toEqual(['', 'Wait a', '']);
});
