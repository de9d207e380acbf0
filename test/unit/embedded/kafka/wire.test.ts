import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameSplitter } from '../../../../src/embedded/kafka/protocol/frame-splitter.ts';
import { MalformedRequestError, Reader, Writer } from '../../../../src/embedded/kafka/protocol/wire.ts';

function written(write: (output: Writer) => void): Buffer {
  const output = new Writer();
  write(output);
  const frame = Buffer.concat(output.frame());
  expect(frame.readInt32BE(0)).toBe(frame.length - 4);
  return frame.subarray(4);
}

describe('the wire', () => {
  it.each([
    0,
    1,
    -1,
    -2,
    2 ** 31,
    -(2 ** 31) - 1,
    2 ** 32,
    -(2 ** 32),
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ])('carries %d as a signed 64-bit integer', (value) => {
    const bytes = written((output) => output.int64(value));
    expect(bytes.readBigInt64BE(0)).toBe(BigInt(value));
    expect(new Reader(bytes).int64()).toBe(value);
  });

  it('passes on the largest 64-bit integer a client may send', () => {
    const largest = Buffer.from('7fffffffffffffff', 'hex');
    const bytes = written((output) => output.int64(new Reader(largest).int64()));
    expect(bytes.readBigInt64BE(0)).toBeGreaterThan(2n ** 62n);
  });

  it('gives back what was written, however long it gets', () => {
    const item = fc.record({
      text: fc.option(fc.string({ unit: 'grapheme', maxLength: 300 })),
      bytes: fc.option(fc.uint8Array({ maxLength: 3000 })),
      number: fc.maxSafeInteger(),
      flag: fc.boolean(),
      small: fc.integer({ min: -32768, max: 32767 }),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 40 }), (items) => {
        const bytes = written((output) =>
          output.array(items, ({ text, bytes: value, number, flag, small }) => {
            output.string(text).bytes(value === null ? null : Buffer.from(value));
            output
              .int64(number)
              .boolean(flag)
              .int16(small)
              .int32(small)
              .int8(small >> 8);
          }),
        );
        const input = new Reader(bytes);
        const read = input.array(() => {
          const text = input.nullableString();
          const value = input.nullableBytes();
          const number = input.int64();
          const flag = input.boolean();
          const small = input.int16();
          expect(input.int32()).toBe(small);
          expect(input.int8()).toBe(small >> 8);
          return { text, bytes: value === null ? null : new Uint8Array(value), number, flag, small };
        });
        expect(read).toEqual(items.map((each) => ({ ...each, bytes: each.bytes && new Uint8Array(each.bytes) })));
      }),
      { numRuns: 50 },
    );
  });

  it('never copies records, and never lets garbage read past the end', () => {
    const records = Buffer.alloc(100_000, 7);
    const parts = new Writer().bytes(records).frame();
    expect(parts.some((part) => part.buffer === records.buffer && part.length === records.length)).toBe(true);
    expect(() => new Reader(Buffer.from([0, 9, 65])).string()).toThrow(MalformedRequestError);
    expect(() => new Reader(Buffer.from([0xff, 0xfe])).nullableString()).toThrow(MalformedRequestError);
    const endless = new Reader(Buffer.from([0x7f, 0xff, 0xff, 0xff]));
    expect(() => endless.array(() => endless.int8())).toThrow(MalformedRequestError);
  });
});

describe('the frame splitter', () => {
  it('cuts the same requests out of any chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 50 })),
        fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
        (bodies, sizes) => {
          const stream = Buffer.concat(
            bodies.map((body) => {
              const frame = Buffer.alloc(4 + body.length);
              frame.writeInt32BE(body.length);
              frame.set(body, 4);
              return frame;
            }),
          );
          const splitter = new FrameSplitter(100);
          const frames: Buffer[] = [];
          for (let at = 0; at < stream.length; ) {
            const size = sizes.next().value;
            frames.push(...splitter.push(stream.subarray(at, at + size)));
            at += size;
          }
          expect(frames.map((frame) => [...frame])).toEqual(bodies.map((body) => [...body]));
        },
      ),
    );
  });

  it('refuses a length that is too large as soon as it is read', () => {
    const splitter = new FrameSplitter(100);
    expect(splitter.push(Buffer.from([0, 0, 0]))).toEqual([]);
    expect(() => splitter.push(Buffer.from([101]))).toThrow(MalformedRequestError);
  });
});
