/**
 * The `data` of each server-sent event, whatever pieces the bytes come in: within a character, a line or an event, with
 * any of the three line ends, with or without a space after the colon. Comments and other fields are read over.
 */
export async function* readServerEvents(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let text = '';
  let data: string[] = [];

  function* takeLines(last: boolean): Generator<string> {
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(text);
      if (end === null) break;
      yield text.slice(0, end.index);
      text = text.slice(end.index + end[0].length);
    }
    if (last && text !== '') yield text;
  }

  function* takeEvents(last: boolean): Generator<string> {
    for (const line of takeLines(last)) {
      if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
      else if (line === '' && data.length > 0) {
        yield data.join('\n');
        data = [];
      }
    }
    if (last && data.length > 0) yield data.join('\n');
  }

  for await (const piece of pieces) {
    text += decoder.decode(piece, { stream: true });
    yield* takeEvents(false);
  }
  text += decoder.decode();
  yield* takeEvents(true);
}
