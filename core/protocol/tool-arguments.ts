/** Arguments of a call as the wire has them: JSON in a string. What a model wrote as a string already stays as it is. */
export function argumentsText(args: unknown): string {
  return typeof args === 'string' ? args : (JSON.stringify(args ?? {}) ?? '{}');
}

/** The reverse; what is no JSON stays a string. */
export function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
