import { Unpacked } from './unpacked.ts';

const frameMagic = 0x184d2204;

/**
 * Unpacks one LZ4 frame. Checksums are not verified: TCP and the CRC of the record batch cover the same bytes.
 * Source: lz4/lz4, doc/lz4_Frame_format.md and doc/lz4_Block_format.md.
 *
 * @throws RangeError when the data is damaged or unpacks to too much
 */
export function unpackLz4(packed: Buffer): Buffer {
  if (packed.readUInt32LE(0) !== frameMagic) throw new RangeError('not an LZ4 frame');
  const flags = packed.readUInt8(4);
  if (flags >> 6 !== 1) throw new RangeError('an LZ4 frame of an unknown version');
  const blockChecksum = (flags & 0x10) !== 0 ? 4 : 0;
  const contentSize = (flags & 0x08) !== 0 ? 8 : 0;
  const dictionaryId = (flags & 0x01) !== 0 ? 4 : 0;
  const unpacked = new Unpacked(packed.length * 4);
  // Magic, flags and block size descriptor, optional fields, header checksum.
  for (let at = 6 + contentSize + dictionaryId + 1; ; ) {
    const word = packed.readUInt32LE(at);
    if (word === 0) return unpacked.toBuffer();
    const length = word & 0x7fffffff;
    const from = at + 4;
    const block = packed.subarray(from, from + length);
    if (block.length < length) throw new RangeError('an LZ4 block is cut off');
    if (word > 0x7fffffff) unpacked.append(block);
    else unpackBlock(block, unpacked);
    at = from + length + blockChecksum;
  }
}

/** A block is a row of sequences: some literals, then a repetition; the last sequence has literals only. */
function unpackBlock(block: Buffer, unpacked: Unpacked): void {
  let at = 0;
  /** A length of 15 goes on in the following bytes for as long as they are 255. */
  const lengthFrom = (nibble: number): number => {
    let length = nibble;
    for (let more = nibble === 15; more; ) {
      const byte = block.readUInt8(at);
      at += 1;
      length += byte;
      more = byte === 255;
    }
    return length;
  };
  while (at < block.length) {
    const token = block.readUInt8(at);
    at += 1;
    const literals = lengthFrom(token >> 4);
    if (at + literals > block.length) throw new RangeError('an LZ4 literal is cut off');
    unpacked.append(block.subarray(at, at + literals));
    at += literals;
    if (at >= block.length) return;
    const distance = block.readUInt16LE(at);
    at += 2;
    unpacked.repeat(distance, lengthFrom(token & 15) + 4);
  }
}
