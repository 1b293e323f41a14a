import { letGo, untilAborted } from '../core/abortable.ts';
import type { TurnDetector } from '../core/stages/turn-detector.ts';
import { boundByWords } from '../core/text/unfinished.ts';
import type { EngineConfig } from './engine-config.ts';
import { createScorer } from './turn/scorer.ts';
import { openTurnTextModel } from './turn/text-model.ts';

/**
 * Reads from the words of a turn whether it has ended: a classifier of sequences such as DistilBERT, within the bounds of
 * the rules in core/text/unfinished.ts. It yields one probability for all the words each time they are known better, and
 * none while there are no words.
 */
export function createTextTurnDetector(config: EngineConfig): TurnDetector {
  const { lifeCycle, score } = createScorer(config, openTurnTextModel);
  return {
    ...lifeCycle,
    async *judge({ audio, words, language = 'en' }, signal) {
      letGo(audio);
      for await (const text of untilAborted(words, signal)) {
        if (text.trim() !== '') yield boundByWords(await score(text, signal), text, language);
      }
    },
  };
}
