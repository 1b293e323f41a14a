import { describe, expect, it } from 'vitest';
import { FRAME_MS } from '../../../core/audio/pcm.ts';
import { createSegmenter, type SegmentEvent } from '../../../core/audio/segmenter.ts';
import { createRandom } from '../../support/random.ts';

/** What may follow each event within one utterance; parts aside. */
const successors: Record<string, readonly string[]> = {
  'speech.started': ['speech.confirmed', 'speech.misfire'],
  'speech.confirmed': ['speech.paused', 'speech.ended', 'speech.misfire'],
  'speech.paused': ['speech.resumed', 'speech.ended', 'speech.misfire'],
  'speech.resumed': ['speech.paused', 'speech.ended', 'speech.misfire'],
  'speech.ended': [],
  'speech.misfire': [],
};

function randomRun(seed: number): { events: SegmentEvent[]; problems: string[] } {
  const random = createRandom(seed).next;
  const segmenter = createSegmenter({
    threshold: 0.2 + 0.7 * random(),
    minSilenceMs: 100 + 400 * random(),
    speechPadMs: 300 * random(),
    minSpeechMs: 32 + 300 * random(),
    longestWaitMs: 500 + 2_000 * random(),
    maxUtteranceMs: 1_000 + 5_000 * random(),
  });
  const events: SegmentEvent[] = [];
  const problems: string[] = [];
  const closed = new Set<number>();
  const steps = 400;
  let talkative = random();
  for (let step = 1; step <= steps; step++) {
    if (random() < 0.03) talkative = random();
    if (random() < 0.01) segmenter.setPlayback(random() < 0.5);
    if (random() < 0.005) events.push(...segmenter.reset());
    if (random() < 0.01) {
      const latest = events.findLast((event) => event.type === 'speech.started')?.utterance ?? 0;
      segmenter.close(latest);
      closed.add(latest);
    }
    const probability = random() < talkative ? 0.5 + random() / 2 : random() / 2;
    const hiss = random() < 0.2;
    const samples = Float32Array.from(
      { length: 512 },
      (_, n) => (hiss && n % 2 === 0 ? -0.1 : 0.1) * (random() < 0.5 ? 1 : 0.9),
    );
    if (random() < 0.5) samples.fill(0.0001);
    const answer = segmenter.push({ samples, atMs: step * FRAME_MS, probability });
    const late = answer.find((event) => closed.has(event.utterance));
    if (late) problems.push(`${late.type} of utterance ${late.utterance} after its close`);
    events.push(...answer);
  }
  return { events, problems };
}

function check({ events, problems }: ReturnType<typeof randomRun>): string[] {
  const last = new Map<number, string>();
  let newest = 0;
  let latestMs = 0;
  for (const event of events) {
    const before = last.get(event.utterance);
    if (event.utterance < newest) problems.push(`${event.type} of an utterance that is over`);
    newest = event.utterance;
    if (event.type === 'part') {
      if (before === undefined) problems.push('a part before its start');
      if (successors[before!]?.length === 0) problems.push(`a part after ${before}`);
      continue;
    }
    const allowed = before === undefined ? ['speech.started'] : successors[before]!;
    if (!allowed.includes(event.type)) problems.push(`${event.type} after ${before}`);
    if (event.atMs < latestMs) problems.push(`${event.type} goes back in time`);
    if ('speechMs' in event && event.speechMs > event.atMs) problems.push(`${event.type} before it happened`);
    latestMs = event.atMs;
    last.set(event.utterance, event.type);
  }
  return problems;
}

describe('segmenter, on random frames', () => {
  it('keeps the order of events in 1,000 conversations', () => {
    for (let seed = 1; seed <= 1_000; seed++) {
      expect(check(randomRun(seed)), `seed ${seed}`).toEqual([]);
    }
  });

  it('sends a pause mark for each pause and no audio twice', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const { events } = randomRun(seed);
      const marks = events.filter((event) => event.type === 'part' && event.part.type === 'pause').length;
      expect(marks, `seed ${seed}`).toBe(events.filter((event) => event.type === 'speech.paused').length);
      const buffers = events.flatMap((event) =>
        event.type === 'part' && event.part.type === 'audio' ? [event.part.pcm.samples] : [],
      );
      expect(new Set(buffers).size, `seed ${seed}`).toBe(buffers.length);
    }
  });
});
