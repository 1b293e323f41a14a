import { letGo, untilAborted } from '../abortable.ts';
import { boundByWords } from '../text/unfinished.ts';
import { ruleDetectorInfo } from './built-in.ts';
import type { TurnDetector } from './turn-detector.ts';

/** Where the rules say nothing, a pause is as likely to be one for thought. */
const UNKNOWN = 0.5;

/**
 * The turn detector that is always there: it needs no model and judges the words alone, by rules. Its probability is
 * near 0 or 1 where they are sure, and 0.5 otherwise.
 */
export function createRuleTurnDetector(): TurnDetector {
  return {
    describe: () => Promise.resolve(ruleDetectorInfo),
    load: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
    async *judge({ audio, words, language = 'en' }, signal) {
      letGo(audio);
      for await (const text of untilAborted(words, signal)) {
        if (text.trim() !== '') yield boundByWords(UNKNOWN, text, language);
      }
    },
  };
}
