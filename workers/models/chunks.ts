/** Large enough that the calls count for nothing. */
const READ_BYTES = 1 << 20;

/**
 * Each chunk is gone when the next is asked for: where the browser can, all lie in the same memory. A new one for each
 * leaves the garbage of half a large file behind before it is collected, as `npm run bench:load` showed.
 */
export async function* chunksOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array> {
  const next = readInto(body) ?? readAny(body);
  for (;;) {
    const { done, value } = await next();
    if (done || value === undefined) return;
    yield value;
  }
}

type Next = () => Promise<{ done: boolean; value: Uint8Array<ArrayBuffer> | undefined }>;

/** Undefined where the browser gives its own chunks only. */
function readInto(body: ReadableStream<Uint8Array<ArrayBuffer>>): Next | undefined {
  try {
    const reader = body.getReader({ mode: 'byob' });
    let buffer = new ArrayBuffer(READ_BYTES);
    return async () => {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (value !== undefined) ({ buffer } = value);
      return { done, value };
    };
  } catch {
    return undefined;
  }
}

function readAny(body: ReadableStream<Uint8Array<ArrayBuffer>>): Next {
  const reader = body.getReader();
  return async () => {
    const { done, value } = await reader.read();
    return { done, value };
  };
}
