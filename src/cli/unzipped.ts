import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../app/exit-code.ts';

/** First bytes of gzip data (RFC 1952, section 2.3.1). */
const gzipMagic = Buffer.from([0x1f, 0x8b]);

/**
 * The bytes of an input, unpacked when it begins as gzip data does; JSON and text never begin so.
 *
 * @throws UsageError when the gzip data is damaged or ends too early
 */
export async function* unzipped(input: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer | string> {
  const pieces = input[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < gzipMagic.length) {
    const { done, value } = await pieces.next();
    if (done) break;
    head = Buffer.concat([head, Buffer.from(value)]);
  }
  const rest = { [Symbol.asyncIterator]: () => pieces };
  if (!head.subarray(0, gzipMagic.length).equals(gzipMagic)) {
    yield head;
    yield* rest;
    return;
  }
  const packed = Readable.from(following(head, rest));
  const plain = createGunzip();
  packed.once('error', (error) => plain.destroy(error));
  try {
    yield* packed.pipe(plain);
  } catch (cause) {
    throw new UsageError('the gzip data is damaged or ends too early', { cause });
  }
}

async function* following(head: Buffer, rest: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer | string> {
  yield head;
  yield* rest;
}
