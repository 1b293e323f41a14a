/** The fields of Whisper's generation_config.json that decoding needs. */
export interface WhisperGeneration {
  is_multilingual?: boolean;
  /** "<|en|>" to its token. */
  lang_to_id?: Record<string, number>;
  task_to_id?: Record<string, number>;
  language?: string;
  no_timestamps_token_id?: number;
  decoder_start_token_id?: number;
  eos_token_id?: number | number[];
  suppress_tokens?: number[] | null;
  begin_suppress_tokens?: number[] | null;
}

/**
 * Tokens that a transcript begins with. English-only models know no language and no task. A language that a
 * multilingual model does not know becomes the model's default, or English.
 */
export function promptTokens(
  generation: WhisperGeneration,
  startId: number,
  language: string | undefined,
): number[] {
  const prompt: (number | undefined)[] = [startId];
  if (generation.is_multilingual) {
    const languages = generation.lang_to_id ?? {};
    const wanted = [language, generation.language, 'en'].map((tag) => languages[`<|${tag}|>`]);
    prompt.push(
      wanted.find((id) => id !== undefined),
      generation.task_to_id?.transcribe,
    );
  }
  prompt.push(generation.no_timestamps_token_id);
  return prompt.filter((id) => id !== undefined);
}
