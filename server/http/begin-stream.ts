/** The same stream, once its first item is there. @throws what the stream throws before that */
export async function beginStream<T>(stream: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const items = stream[Symbol.asyncIterator]();
  const first = await items.next();
  return (async function* () {
    try {
      for (let item = first; !item.done; item = await items.next()) yield item.value;
    } finally {
      await items.return?.();
    }
  })();
}
