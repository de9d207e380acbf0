import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { beforeAll, describe, expect, test } from 'vitest';
import { useCodecs } from '../../../src/kafka/compression.ts';
import { unpackLz4 } from '../../../src/kafka/lz4.ts';
import { unpackSnappy } from '../../../src/kafka/snappy.ts';
import { maxUnpackedBatchBytes } from '../../../src/kafka/unpacked.ts';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(packed: Buffer): Promise<Buffer>;
}

const text = Array.from({ length: 40 }, (_, at) => `注文${at}番の商品がとても良い。`).join('');

// Written by the codecs of Kafka's Java client: snappy-java 1.1.10.7, lz4-java 1.11.2 (with block checksums) and
// zstd-jni 1.5.7.
const packed = {
  snappyBlock:
    '3gyg5rOo5paHMOeVquOBruWVhuWTgeOBjOOBqOOBpuOCguiJr+OBhOOAguYFKAAxmigAADKaKAAAM5ooAAA0migAADWaKAAANpoo' +
    'AAA3migAADiaKAAAOZooAAAxopEBnpIBADGekwEAMZ6UAQAxnpUBADGelgEAMZ6XAQQxN55IAZ6ZAQAxnpoBADKemgEAMp6aAQAy' +
    'npoBADKemgEAMp6aAQAynpoBADKemgEAMp6aAQQyOJrDAQAynpoBADOemgEAM56aAQAznpoBADOemgEAM56aAQAznpoBADOemgEA' +
    'M56aAQAznpoBBDM5gsMB',
  snappyJava:
    'glNOQVBQWQAAAAABAAAAAQAAAKeACKDms6jmlocw55Wq44Gu5ZWG5ZOB44GM44Go44Gm44KC6Imv44GE44CC5gUoADGaKAAAMpoo' +
    'AAAzmigAADSaKAAANZooAAA2migAADeaKAAAOJooAAA5migAADGikQGekgEAMZ6TAQAxnpQBADGelQEAMZ6WAQAxnpcBBDE3nkgB' +
    'npkBADGemgEAMp6aAQAynpoBADKemgEAMp6aAQAynpoBCDI15wAAAHHeBKCVquOBruWVhuWTgeOBjOOBqOOBpuOCguiJr+OBhOOA' +
    'guazqOaWhzI255opAAQ355opAAA4nikAADmaKQAEMzCeKQAAMZ4pAAAynikAADOeKQAANJ4pAAA1nikAnpoBADOemgEAM56aAQQz' +
    'OYKkAA==',
  lz4:
    'BCJNGHBArfQAAADyGeazqOaWhzDnlarjga7llYblk4HjgYzjgajjgabjgoLoia/jgYTjgIIoAB8xKAAUHzIoABQfMygAFB80KAAU' +
    'HzUoABQfNigAFB83KAAUHzgoABQfOSgAFB8xkQEWD5IBFR8xkwEVHzGUARUfMZUBFR8xlgEVHzGXARUfMZgBFR8xmQEVHzGaARUf' +
    'MpoBFR8ymgEVHzKaARUfMpoBFR8ymgEVHzKaARUfMpoBFR8ymgEVHzKaARUfMpoBFR8zmgEVHzOaARUfM5oBFR8zmgEVHzOaARUf' +
    'M5oBFR8zmgEVHzOaARUfM5oBFR8zmgEKUIGE44CCv8hSfQAAAAA=',
  lz4Stored:
    'BCJNGGBAgkAAAICZFw+7GDR3o1qUyb85C3cCCdMqWV1KmH1B9LPlkkcavgUZS7VdyrORABYXWqFH4fPpjuge33+uQL/nk9n87VKy' + 'AAAAAA==',
  lz4StoredContent: 'mRcPuxg0d6NalMm/OQt3AgnTKlldSph9QfSz5ZJHGr4FGUu1XcqzkQAWF1qhR+Hz6Y7oHt9/rkC/55PZ/O1Ssg==',
};

function bytes(name: keyof typeof packed): Buffer {
  return Buffer.from(packed[name], 'base64');
}

function codec(type: number): Codec {
  const codecs: Readonly<Record<number, () => Codec>> = kafkajs.CompressionCodecs;
  const make = codecs[type];
  if (make === undefined) throw new Error(`no codec ${type}`);
  return make();
}

beforeAll(useCodecs);

describe('gzip', () => {
  test('unpacks what it packed', async () => {
    const gzip = codec(kafkajs.CompressionTypes.GZIP);
    const data = Buffer.from(text);
    expect(await gzip.decompress(await gzip.compress({ buffer: data }))).toEqual(data);
  });

  test('refuses a small batch that unpacks to more than memory should hold', async () => {
    const bomb = gzipSync(Buffer.alloc(maxUnpackedBatchBytes + 1));
    expect(bomb.length).toBeLessThan(100_000);
    await expect(codec(kafkajs.CompressionTypes.GZIP).decompress(bomb)).rejects.toMatchObject({
      name: 'DependencyError',
      nature: 'permanent',
    });
  });
});

describe('what other clients write is read', () => {
  test('snappy, as a plain block and in the framing of the Java client', () => {
    expect(String(unpackSnappy(bytes('snappyBlock')))).toBe(text);
    expect(String(unpackSnappy(bytes('snappyJava')))).toBe(text);
  });

  test('lz4, packed and stored blocks', () => {
    expect(String(unpackLz4(bytes('lz4')))).toBe(text);
    expect(unpackLz4(bytes('lz4Stored'))).toEqual(bytes('lz4StoredContent'));
  });
});

describe.each([
  ['gzip', kafkajs.CompressionTypes.GZIP],
  ['snappy', kafkajs.CompressionTypes.Snappy],
  ['lz4', kafkajs.CompressionTypes.LZ4],
  ['zstd', kafkajs.CompressionTypes.ZSTD],
])('%s', (_name, type) => {
  test('refuses damaged data in words, as something that waiting does not mend', async () => {
    await expect(codec(type).decompress(Buffer.from('neither of them'))).rejects.toMatchObject({
      name: 'DependencyError',
      nature: 'permanent',
    });
  });
});

test('whatever the bytes are, unpacking ends in bytes or a RangeError', () => {
  const magic = {
    snappy: Buffer.from('82534e41505059000000000100000001', 'hex'),
    lz4: Buffer.from('04224d184040c0', 'hex'),
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (array, framed) => {
      const body = Buffer.from(array);
      for (const [unpack, header] of [[unpackSnappy, magic.snappy] as const, [unpackLz4, magic.lz4] as const]) {
        try {
          expect(unpack(framed ? Buffer.concat([header, body]) : body).length).toBeLessThanOrEqual(
            maxUnpackedBatchBytes,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('a block that is cut off anywhere is refused', () => {
  for (const [unpack, whole] of [[unpackSnappy, bytes('snappyBlock')] as const, [unpackLz4, bytes('lz4')] as const]) {
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => unpack(whole.subarray(0, length))).toThrow(RangeError);
    }
  }
});

test('a repetition that would unpack to gigabytes is refused', () => {
  // One literal byte, then a match of that byte whose length goes on for ten thousand times 255 and more.
  const sequence = Buffer.concat([Buffer.from([0x1f, 0x61, 1, 0]), Buffer.alloc(300_000, 255), Buffer.from([0])]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(sequence.length);
  const frame = Buffer.concat([Buffer.from('04224d184040c0', 'hex'), length, sequence, Buffer.alloc(4)]);
  expect(() => unpackLz4(frame)).toThrow(RangeError);
});
