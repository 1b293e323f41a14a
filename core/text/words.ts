/** The words of a text in lower case, without marks; for comparing what was said with what was heard. */
export function spokenWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu) ?? [];
}
