import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs from 'kafkajs';
import { DependencyError } from '../domain/dependency-error.ts';
import { unpackLz4 } from './lz4.ts';
import { unpackSnappy } from './snappy.ts';
import { maxUnpackedBatchBytes } from './unpacked.ts';

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(packed: Buffer): Promise<Buffer>;
}

const gzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gzip);
const unzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.unzip);

/**
 * Gives kafkajs the codecs it lacks, since koe cannot choose what its producers write with, and a gzip that packs fast
 * (level 1: a fifth of the CPU time for a tenth more bytes). None of them unpacks a small batch into gigabytes.
 */
export function useCodecs(): void {
  const { CompressionCodecs: codecs, CompressionTypes: types } = kafkajs;
  codecs[types.GZIP] = codec('gzip', (packed) => unzip(packed, { maxOutputLength: maxUnpackedBatchBytes }));
  codecs[types.Snappy] = codec('snappy', async (packed) => unpackSnappy(packed));
  codecs[types.LZ4] = codec('lz4', async (packed) => unpackLz4(packed));
  codecs[types.ZSTD] = codec('zstd', unpackZstd);
}

function codec(name: string, unpack: (packed: Buffer) => Promise<Buffer>): () => Codec {
  return () => ({
    // koe itself writes gzip only.
    compress: (encoder) => gzip(encoder.buffer, { level: 1 }),
    async decompress(packed) {
      try {
        return await unpack(packed);
      } catch (error) {
        if (error instanceof DependencyError) throw error;
        throw new DependencyError(
          'kafka',
          'permanent',
          `A record batch of ${packed.length} bytes cannot be unpacked: its ${name} data is damaged or holds more than ` +
            `${maxUnpackedBatchBytes} bytes. Find the producer, then move the consumer group past the batch.`,
          { cause: error },
        );
      }
    },
  });
}

/** Zstandard comes with Node.js from 22.15 on. */
async function unpackZstd(packed: Buffer): Promise<Buffer> {
  const { zstdDecompress } = zlib as { zstdDecompress?: typeof zlib.unzip };
  if (zstdDecompress === undefined) {
    throw new DependencyError(
      'kafka',
      'permanent',
      'A record batch is compressed with zstd, which this Node.js cannot read: use Node.js 22.15 or newer, or let the ' +
        'producers compress with gzip, snappy or lz4.',
    );
  }
  return await promisify<Buffer, zlib.ZlibOptions, Buffer>(zstdDecompress)(packed, {
    maxOutputLength: maxUnpackedBatchBytes,
  });
}
