import type { Random } from '../chaos/random.ts';
import type { FramedProtocol } from './protocol.ts';

/** What a hostile client sends at once. */
export interface Attack {
  readonly kind: string;
  readonly bytes: Buffer;
  /** Whether the stream goes on with a frame behind these bytes; if not, the connection is of no more use. */
  readonly isWhole: boolean;
}

const extremes = [0, 1, -1, 0x7f, 0xff, 0x7fff, -0x8000, 0x7fff_ffff, -0x8000_0000, 0x0100_0000, 1_000_000];

/** Bytes that are no frame or a bad one: made up, or out of frames that a real client has sent. */
export function makeAttack(protocol: FramedProtocol, recorded: readonly Buffer[], random: Random): Attack {
  const whole = (kind: string, bytes: Buffer): Attack => {
    protocol.writeSize(bytes);
    return { kind, bytes, isWhole: true };
  };
  const real = () => Buffer.from(random.pick(recorded));
  const { headBytes } = protocol;
  // Most bends are behind the head, which would hide the rest.
  const start = random.next() < 0.2 ? protocol.lengthBytes : headBytes;
  const attacks: (() => Attack)[] = [
    () => ({ kind: 'noise', bytes: noise(random, 1 + random.below(300)), isWhole: false }),
    () => whole('framed noise', noise(random, 25 + random.below(300))),
    () => whole('noise in a request', Buffer.concat([real().subarray(0, headBytes), noise(random, random.below(300))])),
    () => {
      const frame = real();
      return { kind: 'cut', bytes: frame.subarray(0, 1 + random.below(frame.length - 1)), isWhole: false };
    },
    () => {
      const frame = real();
      random.pick([frame.writeInt32BE, frame.writeInt32LE]).call(frame, random.pick(extremes) | 0, 0);
      return { kind: 'length bomb', bytes: frame, isWhole: false };
    },
    () => whole('shortened', real().subarray(0, headBytes + random.below(64))),
    () => whole('flipped', flipped(real(), start, random)),
    () => whole('flipped', flipped(real(), start, random)),
    () => whole('inner bomb', withExtreme(real(), start, random)),
    () => whole('inner bomb', withExtreme(real(), start, random)),
    () => whole('spliced', spliced(real(), real(), start, random)),
    () => whole('torn', torn(real(), start, random)),
  ];
  return random.pick(attacks)();
}

function noise(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

function flipped(frame: Buffer, start: number, random: Random): Buffer {
  for (let flips = 1 + random.below(8); flips > 0; flips--) {
    const at = start + random.below(Math.max(1, frame.length - start));
    if (at >= frame.length) break;
    frame.writeUInt8(frame.readUInt8(at) ^ (1 << random.below(8)), at);
  }
  return frame;
}

function withExtreme(frame: Buffer, start: number, random: Random): Buffer {
  const at = Math.min(start + random.below(Math.max(1, frame.length - start)), frame.length - 4);
  random.pick([frame.writeInt32BE, frame.writeInt32LE]).call(frame, random.pick(extremes) | 0, at);
  return frame;
}

function spliced(one: Buffer, other: Buffer, start: number, random: Random): Buffer {
  return Buffer.concat([
    one.subarray(0, start + random.below(Math.max(1, one.length - start))),
    other.subarray(random.below(other.length)),
  ]);
}

/** Without a piece, or with one of it twice. */
function torn(frame: Buffer, start: number, random: Random): Buffer {
  const from = start + random.below(Math.max(1, frame.length - start));
  const to = Math.min(frame.length, from + 1 + random.below(32));
  const tail =
    random.next() < 0.5 ? frame.subarray(to) : Buffer.concat([frame.subarray(from, to), frame.subarray(from)]);
  return Buffer.concat([frame.subarray(0, from), tail]);
}
