import type { Pcm } from '../audio/pcm.ts';
import { createChannel } from '../channel.ts';
import type { Channel } from '../channel.ts';
import type { TurnDetector } from '../stages/turn-detector.ts';
import type { Fact } from '../turn/events.ts';

/** Asks the turn detector about one pause at a time. */
export interface PauseJudge {
  /** Begins with a new pause; the one before is given up. Where the detector fails, nothing is said of this pause. */
  begin(pause: {
    utterance: number;
    pauses: number;
    audio: AsyncIterable<Pcm>;
    language: string;
  }): Promise<void>;
  /** All words up to the pause. */
  tell(words: string): void;
  end(): void;
}

export function createPauseJudge(detector: TurnDetector, report: (fact: Fact) => void): PauseJudge {
  let current: { words: Channel<string>; controller: AbortController } | undefined;

  function end(): void {
    current?.controller.abort();
    current?.words.close();
    current = undefined;
  }

  return {
    async begin({ utterance, pauses, audio, language }) {
      end();
      const words = createChannel<string>();
      const controller = new AbortController();
      const { signal } = controller;
      current = { words, controller };
      let known: number | undefined;
      const tell = (probability: number, final: boolean): void =>
        report({ type: 'turn.judged', utterance, pauses, probability, final });
      try {
        for await (const probability of detector.judge({ audio, words, language }, signal)) {
          if (signal.aborted) return;
          known = probability;
          tell(known, false);
        }
      } catch {
        // The turn ends by silence alone.
        return;
      }
      if (known !== undefined && !signal.aborted) tell(known, true);
    },
    tell(words) {
      current?.words.push(words);
      current?.words.close();
    },
    end,
  };
}
