/** A protocol of frames with a length in front, as the fuzzer has to know it. */
export interface FramedProtocol {
  readonly name: string;
  /** Bytes before which a frame's length is not known. */
  readonly lengthBytes: number;
  /** Bytes of a frame before the body of its request. */
  readonly headBytes: number;
  /** Bytes of the whole frame that begins with these. */
  sizeOf(bytes: Buffer): number;
  /** Writes a whole frame's size into its length. */
  writeSize(frame: Buffer): void;
  /** A request that every server answers, and how its answer is known. */
  readonly ping: Buffer;
  isPong(frame: Buffer): boolean;
  /** Whether an answer tells of a defect of the server. */
  isDefect(frame: Buffer): boolean;
}

const pingId = 0x6b6f6521;

function kafkaPing(): Buffer {
  const frame = Buffer.alloc(14);
  frame.writeInt32BE(10, 0);
  frame.writeInt16BE(18, 4); // ApiVersions, version 0
  frame.writeInt32BE(pingId, 8);
  frame.writeInt16BE(-1, 12); // no client id
  return frame;
}

/** Kafka: a signed 32-bit length that does not count itself. */
export const kafkaFrames: FramedProtocol = {
  name: 'kafka',
  lengthBytes: 4,
  headBytes: 12,
  sizeOf: (bytes) => bytes.readInt32BE(0) + 4,
  writeSize: (frame) => frame.writeInt32BE(frame.length - 4, 0),
  ping: kafkaPing(),
  isPong: (frame) => frame.length >= 8 && frame.readInt32BE(4) === pingId,
  isDefect: () => false, // the broker tells of them by its `onError`
};

function mongoPing(): Buffer {
  const body = Buffer.from('\x10ping\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0', 'latin1');
  const frame = Buffer.alloc(25 + body.length);
  frame.writeInt32LE(frame.length, 0);
  frame.writeInt32LE(pingId, 4);
  frame.writeInt32LE(2013, 12); // OP_MSG without flags, one section of kind 0
  frame.writeInt32LE(body.length + 4, 21);
  body.copy(frame, 25);
  return frame;
}

/** MongoDB: a signed 32-bit length that counts itself. */
export const mongoFrames: FramedProtocol = {
  name: 'mongo',
  lengthBytes: 4,
  headBytes: 25,
  sizeOf: (bytes) => bytes.readInt32LE(0),
  writeSize: (frame) => frame.writeInt32LE(frame.length, 0),
  ping: mongoPing(),
  isPong: (frame) => frame.length >= 16 && frame.readInt32LE(8) === pingId,
  isDefect: (frame) => frame.includes('internal error'),
};

/** Cuts whole frames off a stream; what is left over is kept for the next call. */
export function frameReader(protocol: FramedProtocol): (chunk: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const frames: Buffer[] = [];
    while (rest.length >= protocol.lengthBytes && rest.length >= protocol.sizeOf(rest)) {
      const size = protocol.sizeOf(rest);
      frames.push(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
    return frames;
  };
}
