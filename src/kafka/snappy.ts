import { Unpacked } from './unpacked.ts';

/** The header of snappy-java's stream format, which Kafka's Java client writes. */
const javaMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);

/**
 * Unpacks Snappy data: one raw block, or blocks in the framing of snappy-java (16 bytes of header, then each block
 * after its length in four bytes). Source: google/snappy, format_description.txt.
 *
 * @throws RangeError when the data is damaged or unpacks to too much
 */
export function unpackSnappy(packed: Buffer): Buffer {
  if (!packed.subarray(0, javaMagic.length).equals(javaMagic)) return unpackBlock(packed);
  const whole = new Unpacked(packed.length * 4);
  for (let at = 16; at < packed.length; ) {
    const length = packed.readUInt32BE(at);
    at += 4;
    if (at + length > packed.length) throw new RangeError('a Snappy block is cut off');
    whole.append(unpackBlock(packed.subarray(at, at + length)));
    at += length;
  }
  return whole.toBuffer();
}

function unpackBlock(packed: Buffer): Buffer {
  const { length, at: begin } = varint(packed);
  const unpacked = new Unpacked(length);
  for (let at = begin; at < packed.length; ) at = element(packed, at, unpacked);
  if (unpacked.length !== length) throw new RangeError('a Snappy block has another length than it says');
  return unpacked.toBuffer();
}

function varint(packed: Buffer): { readonly length: number; readonly at: number } {
  let length = 0;
  for (let at = 0; at < 5; at += 1) {
    const byte = packed.readUInt8(at);
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { length, at: at + 1 };
  }
  throw new RangeError('a Snappy block has no length');
}

/** Unpacks the element at `at` and returns where the next one begins. */
function element(packed: Buffer, at: number, unpacked: Unpacked): number {
  const tag = packed.readUInt8(at);
  const size = tag >> 2;
  switch (tag & 3) {
    case 0: {
      // Up to 60 bytes have their length in the tag; 60 to 63 say that 1 to 4 bytes of length follow.
      const extra = size < 60 ? 0 : size - 59;
      const length = (extra === 0 ? size : packed.readUIntLE(at + 1, extra)) + 1;
      const from = at + 1 + extra;
      if (from + length > packed.length) throw new RangeError('a Snappy literal is cut off');
      unpacked.append(packed.subarray(from, from + length));
      return from + length;
    }
    case 1:
      unpacked.repeat(((tag >> 5) << 8) | packed.readUInt8(at + 1), (size & 7) + 4);
      return at + 2;
    case 2:
      unpacked.repeat(packed.readUInt16LE(at + 1), size + 1);
      return at + 3;
    default:
      unpacked.repeat(packed.readUInt32LE(at + 1), size + 1);
      return at + 5;
  }
}
