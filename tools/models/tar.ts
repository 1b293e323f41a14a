import { AppError } from '../../core/errors.ts';

/**
 * The part of the tar format (POSIX ustar) that a bundle needs: plain files with short names. Other programs can list
 * and unpack it.
 */
const BLOCK = 512;
/** The size field holds eleven octal digits. */
const MAX_BYTES = 8 ** 11 - 1;

export interface TarHeader {
  path: string;
  bytes: number;
  /** False for links, folders and devices. */
  plain: boolean;
}

/** @throws AppError `input.invalid` for a path or size that the format cannot hold */
export function encodeHeader(path: string, bytes: number): Uint8Array {
  const { name, prefix } = splitPath(path);
  if (bytes > MAX_BYTES) throw new AppError('input.invalid', `${path} is too large for an archive.`);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 'utf8');
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  // No time: the same files give the same archive.
  block.write('00000000000\0', 136);
  block.write(' '.repeat(8), 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  block.write(prefix, 345, 'utf8');
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** Zeros up to the next block after so many bytes. */
export function padding(bytes: number): Uint8Array {
  return new Uint8Array((BLOCK - (bytes % BLOCK)) % BLOCK);
}

/** What ends an archive. */
export const endOfArchive = new Uint8Array(2 * BLOCK);

function splitPath(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' };
  const cut = path.indexOf('/', Buffer.byteLength(path) - 101);
  const prefix = path.slice(0, Math.max(0, cut));
  if (cut < 1 || prefix.length > 155) {
    throw new AppError('input.invalid', `The name ${path} is too long for an archive.`);
  }
  return { name: path.slice(cut + 1), prefix };
}

/** @returns undefined for the empty block that ends an archive; @throws AppError `model.corrupt` */
export function decodeHeader(block: Buffer): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const stated = Number.parseInt(text(block, 148, 8), 8);
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  const bytes = Number.parseInt(text(block, 124, 12), 8);
  if (stated !== sum || text(block, 257, 5) !== 'ustar' || !Number.isSafeInteger(bytes)) {
    throw new AppError('model.corrupt', 'This is no archive of models, or it is damaged. Copy it again.');
  }
  const prefix = text(block, 345, 155);
  const name = text(block, 0, 100);
  const type = text(block, 156, 1);
  return { path: prefix === '' ? name : `${prefix}/${name}`, bytes, plain: type === '0' || type === '' };
}

function text(block: Buffer, at: number, length: number): string {
  return block
    .toString('utf8', at, at + length)
    .replace(/\0.*$/s, '')
    .trim();
}

/** Reads a stream in pieces of wanted sizes. */
export function createBlockReader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  /** At most so many bytes; fewer than one only at the end. */
  async function some(atMost: number): Promise<Buffer> {
    if (rest.length === 0) {
      const next = await chunks.next();
      rest = next.done ? Buffer.alloc(0) : Buffer.from(next.value);
    }
    const piece = rest.subarray(0, atMost);
    rest = rest.subarray(piece.length);
    return piece;
  }

  async function* take(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0;) {
      const piece = await some(left);
      if (piece.length === 0) {
        throw new AppError('model.corrupt', 'The archive ends too early. Copy it again.');
      }
      left -= piece.length;
      yield piece;
    }
  }

  return {
    /** The content of a file, after which the reader stands at the next header. */
    async *content(bytes: number): AsyncGenerator<Buffer> {
      yield* take(bytes);
      for await (const _zeros of take(padding(bytes).length));
    },
    /** The next header, or undefined at the end of the archive. */
    async header(): Promise<TarHeader | undefined> {
      const pieces: Buffer[] = [];
      for await (const piece of take(BLOCK)) pieces.push(piece);
      return decodeHeader(Buffer.concat(pieces));
    },
  };
}
