import { describe, expect, it } from 'vitest';
import { FRAME_MS } from '../../../core/audio/pcm.ts';
import { createSegmenter, type Segmenter, type SegmentEvent } from '../../../core/audio/segmenter.ts';
import { createRandom } from '../../support/random.ts';
import type { SegmenterOptions } from '../../../core/audio/segmenter.ts';

const options: SegmenterOptions = { threshold: 0.5, minSilenceMs: 200, speechPadMs: 120, minSpeechMs: 96 };

/** Feeds loud frames in virtual time; frame n (from 1) ends at n × 32 ms and its first sample is n ÷ 1000. */
function createMicrophone(overrides: Partial<SegmenterOptions> = {}) {
  const segmenter = createSegmenter({ ...options, ...overrides });
  let frame = 0;
  function hear(...probabilities: number[]): SegmentEvent[] {
    return probabilities.flatMap((probability) => {
      frame++;
      const samples = new Float32Array(512).fill(0.1);
      samples[0] = frame / 1000;
      return segmenter.push({ samples, atMs: frame * FRAME_MS, probability });
    });
  }
  return { segmenter, hear, frame: () => frame };
}

const speech = (frames: number): number[] => Array<number>(frames).fill(0.9);
const silence = (frames: number): number[] => Array<number>(frames).fill(0.01);

/** One word an event; audio parts as the numbers of their frames. */
function script(events: readonly SegmentEvent[]): string {
  return events
    .map((event) => {
      if (event.type !== 'part') return event.type.replace('speech.', '');
      return event.part.type === 'pause' ? 'mark' : Math.round(event.part.pcm.samples[0]! * 1000);
    })
    .join(' ');
}

function only<Type extends SegmentEvent['type']>(events: readonly SegmentEvent[], type: Type) {
  return events.filter((event): event is Extract<SegmentEvent, { type: Type }> => event.type === type);
}

describe('segmenter', () => {
  it('says nothing while nobody speaks', () => {
    expect(createMicrophone().hear(...silence(100), 0.49)).toEqual([]);
  });

  it('starts at the first frame over the threshold, with the pad before it', () => {
    const { hear } = createMicrophone();
    expect(script(hear(...silence(10), 0.5))).toBe('started 7 8 9 10 11');
  });

  it('dates the start at the beginning of the first frame of speech', () => {
    const [started] = only(createMicrophone().hear(...silence(10), 0.9), 'speech.started');
    expect(started).toEqual({ type: 'speech.started', utterance: 1, atMs: 352, speechMs: 320 });
  });

  it('sends what there is when speech begins sooner than the pad is long', () => {
    expect(script(createMicrophone().hear(0.1, 0.9))).toBe('started 1 2');
  });

  it('sends no pad when none is wanted', () => {
    expect(script(createMicrophone({ speechPadMs: 0 }).hear(...silence(5), 0.9))).toBe('started 6');
  });

  it('confirms once speech has lasted the minimum', () => {
    const { hear } = createMicrophone({ speechPadMs: 0 });
    expect(script(hear(...speech(4)))).toBe('started 1 2 confirmed 3 4');
  });

  it('confirms at once when one frame is enough', () => {
    expect(script(createMicrophone({ minSpeechMs: 32 }).hear(0.9))).toBe('started confirmed 1');
  });

  it('lets a voice fall 0.15 below the threshold without ending its speech', () => {
    const { hear } = createMicrophone({ speechPadMs: 0 });
    expect(script(hear(0.5, 0.36, 0.36))).toBe('started 1 2 confirmed 3');
  });

  it('needs the whole threshold again after a frame of silence', () => {
    const { hear } = createMicrophone();
    expect(script(hear(0.9, 0.2, 0.4, 0.4))).toBe('started 1 2 3 misfire');
  });

  it('bridges a gap of two frames before it is sure', () => {
    const { hear } = createMicrophone();
    expect(script(hear(0.9, 0, 0, 0.9, 0, 0, 0.9))).toBe('started 1 2 3 4 5 6 confirmed 7');
  });

  it('calls a click a misfire after 96 ms of silence', () => {
    const events = createMicrophone().hear(0.9, ...silence(3));
    expect(script(events)).toBe('started 1 2 3 misfire');
    expect(only(events, 'speech.misfire')).toEqual([{ type: 'speech.misfire', utterance: 1, atMs: 128 }]);
  });

  it('pauses after the minimum silence and marks the audio there', () => {
    const { hear } = createMicrophone({ speechPadMs: 0 });
    const events = hear(...speech(3), ...silence(8));
    expect(script(events)).toBe('started 1 2 confirmed 3 4 5 6 7 8 9 10 mark paused 11');
    expect(only(events, 'speech.paused')).toEqual([
      { type: 'speech.paused', utterance: 1, atMs: 10 * FRAME_MS, speechMs: 3 * FRAME_MS },
    ]);
  });

  it('does not pause in a gap shorter than the minimum silence', () => {
    const { hear } = createMicrophone();
    const events = hear(...speech(3), ...silence(6), 0.9, ...silence(6));
    expect(only(events, 'speech.paused')).toEqual([]);
  });

  it('resumes within the same utterance, its silence included', () => {
    const { hear } = createMicrophone({ speechPadMs: 0 });
    hear(...speech(3), ...silence(8));
    const events = hear(0.9, ...silence(7));
    expect(script(events)).toBe('resumed 12 13 14 15 16 17 18 19 mark paused');
    expect(events[0]).toEqual({
      type: 'speech.resumed',
      utterance: 1,
      atMs: 12 * FRAME_MS,
      speechMs: 11 * FRAME_MS,
    });
  });

  it('ends after the longest wait when nobody closes the utterance', () => {
    const { hear } = createMicrophone();
    hear(...speech(5));
    const events = hear(...silence(100));
    expect(only(events, 'speech.ended')).toEqual([
      { type: 'speech.ended', utterance: 1, atMs: (5 + 63) * FRAME_MS, speechMs: 5 * FRAME_MS },
    ]);
    expect(events.at(-1)?.type).toBe('speech.ended');
    expect(only(events, 'part')).toHaveLength(63 + 1);
  });

  it('waits as long as it is told to', () => {
    const { hear } = createMicrophone({ longestWaitMs: 320 });
    const ended = only(hear(...speech(3), ...silence(50)), 'speech.ended');
    expect(ended.map((event) => event.atMs)).toEqual([13 * FRAME_MS]);
  });

  it('ends an utterance that will not, and begins the next with the next frame', () => {
    const { hear } = createMicrophone({ maxUtteranceMs: 320 });
    const events = hear(...speech(11));
    expect(script(events)).toBe('started 1 2 confirmed 3 4 5 6 7 8 9 10 ended started 11');
  });

  it('bounds an utterance at one minute by default', () => {
    const events = createMicrophone().hear(...speech(2_000));
    expect(only(events, 'speech.ended').map((event) => event.atMs)).toEqual([60_000]);
  });

  it('opens a new utterance after a close, even in the middle of speech', () => {
    const { segmenter, hear } = createMicrophone();
    hear(...speech(5));
    segmenter.close(1);
    expect(script(hear(0.9))).toBe('started 6');
  });

  it('sends nothing more of a closed utterance', () => {
    const { segmenter, hear } = createMicrophone();
    hear(...speech(5), ...silence(7));
    segmenter.close(1);
    expect(hear(...silence(100))).toEqual([]);
  });

  it('has a pad at hand for speech that follows a close', () => {
    const { segmenter, hear } = createMicrophone();
    hear(...speech(5), ...silence(7));
    segmenter.close(1);
    expect(script(hear(0.9))).toBe('started 9 10 11 12 13');
  });

  it('keeps the pad whole when the audio delivered before was transferred to another thread', () => {
    const { segmenter, hear } = createMicrophone();
    for (const event of hear(...speech(5), ...silence(7))) {
      if (event.type === 'part' && event.part.type === 'audio') {
        structuredClone(event.part.pcm.samples, { transfer: [event.part.pcm.samples.buffer as ArrayBuffer] });
      }
    }
    segmenter.close(1);
    expect(script(hear(0.9))).toBe('started 9 10 11 12 13');
  });

  it('ignores the close of an utterance that is not open', () => {
    const { segmenter, hear } = createMicrophone();
    hear(...speech(3));
    segmenter.close(2);
    segmenter.close(0);
    expect(script(hear(0.9))).toBe('4');
  });

  it('turns an open utterance into a misfire when it is reset', () => {
    const { segmenter, hear } = createMicrophone();
    hear(...silence(5), ...speech(5));
    expect(segmenter.reset()).toEqual([{ type: 'speech.misfire', utterance: 1, atMs: 10 * FRAME_MS }]);
    expect(segmenter.reset()).toEqual([]);
    expect(script(hear(0.9))).toBe('started 11');
  });

  it('wants a louder voice while the assistant speaks', () => {
    const { segmenter, hear } = createMicrophone({ speechPadMs: 0 });
    segmenter.setPlayback(true);
    expect(hear(0.69)).toEqual([]);
    expect(script(hear(0.71, 0.56, 0.54))).toBe('started 2 3 4');
    segmenter.setPlayback(false);
    expect(script(hear(0.5, 0.35))).toBe('confirmed 5 6');
  });

  it('[BARGE-1] takes one frame that is surely speech for an interruption while the assistant speaks', () => {
    const { segmenter, hear } = createMicrophone();
    segmenter.setPlayback(true);
    expect(script(hear(0.89, 0.89))).toBe('started 1 2');
    const other = createMicrophone();
    other.segmenter.setPlayback(true);
    expect(script(other.hear(0.95))).toBe('started confirmed 1');
    expect(script(createMicrophone().hear(0.95))).toBe('started 1');
  });

  describe('a hiss while the assistant speaks', () => {
    /** A quiet room, then frames of what is named by letter: h a hiss, n white noise, v a voice that Silero hears, . silence. */
    function hearSounds(sounds: string, playback = true, echoing = false): string {
      const random = createRandom(7).next;
      const segmenter = createSegmenter({ ...options, speechPadMs: 64 });
      segmenter.setPlayback(playback);
      const samplesOf = (sound: string): Float32Array => {
        let before = 0;
        return Float32Array.from({ length: 512 }, () => {
          const noise = random() - 0.5;
          const sample = sound === 'h' ? noise - before : noise;
          before = noise;
          return sample * (sound === '.' ? 0.0005 : 0.1);
        });
      };
      const events = [...`${'.'.repeat(20)}${sounds}`].flatMap((sound, index) =>
        segmenter.push({
          samples: samplesOf(sound),
          atMs: (index + 1) * FRAME_MS,
          probability: sound === 'v' ? 0.95 : 0.02,
          echoing,
        }),
      );
      return events
        .flatMap((event) => (event.type === 'part' ? [] : [event.type.replace('speech.', '')]))
        .join(' ');
    }

    it('[BARGE-14] interrupts with its second frame', () => {
      expect(hearSounds('h')).toBe('');
      expect(hearSounds('hh')).toBe('started confirmed');
    });

    it('[BARGE-14] is speech where speech follows, and a misfire where none does', () => {
      expect(hearSounds('hhh..vvvv')).toBe('started confirmed');
      expect(hearSounds('hhh..vvvv........')).toBe('started confirmed paused');
      expect(hearSounds('hhhhhh...')).toBe('started confirmed misfire');
    });

    it('[BARGE-14] is told from noise, and means nothing in a pause or where the page may be heard', () => {
      expect(hearSounds('nnnnnn')).toBe('');
      expect(hearSounds('h.h.h.')).toBe('');
      expect(hearSounds('hhhh', false)).toBe('');
      expect(hearSounds('hhhh', true, true)).toBe('');
    });

    it('[BARGE-14] that does not end becomes part of the room', () => {
      expect(hearSounds('h'.repeat(100))).toBe('started confirmed misfire');
    });
  });

  it('never lowers a threshold by raising it', () => {
    const { segmenter, hear } = createMicrophone({ threshold: 0.95 });
    segmenter.setPlayback(true);
    expect(hear(0.94)).toEqual([]);
    expect(script(hear(0.95))).toBe('started 1 confirmed 2');
  });

  it('takes a probability that is not a number for silence', () => {
    const { hear } = createMicrophone();
    expect(hear(Number.NaN)).toEqual([]);
    expect(script(hear(0.9, Number.NaN, Number.NaN, Number.NaN))).toBe('started 1 2 3 4 misfire');
  });

  it('refuses a frame of another length', () => {
    const segmenter: Segmenter = createSegmenter(options);
    const samples = new Float32Array(480);
    expect(() => segmenter.push({ samples, atMs: 0, probability: 0.9 })).toThrow(
      expect.objectContaining({ code: 'audio.invalid' }),
    );
  });
});
