/** Words of a growing transcript that are unlikely to change. */
export interface TranscriptDeltas {
  /** Takes the transcript so far and returns what can be added to the text that was given out; often nothing. */
  push(text: string): string;
  /** The same for the last transcript: the rest, where it goes on as what was given out. */
  end(text: string): string;
}

/**
 * Makes pieces that can only be added out of transcripts that are replaced as a whole: a word is given out once two
 * transcripts in a row agree on everything up to it.
 */
export function createTranscriptDeltas(): TranscriptDeltas {
  let previous: string[] = [];
  let given = '';

  function extend(text: string): string {
    if (!text.startsWith(given)) return '';
    const added = text.slice(given.length);
    given = text;
    return added;
  }

  return {
    push(text) {
      const words = wordsOf(text);
      const differs = words.findIndex((word, index) => word !== previous[index]);
      const agreed = differs < 0 ? words : words.slice(0, differs);
      previous = words;
      return extend(agreed.join(''));
    },
    end: extend,
  };
}

/** Words with the white space before them. */
function wordsOf(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}
