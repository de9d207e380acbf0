import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Random, seededRandom } from '../chaos/random.ts';
import { type Attack, makeAttack } from './mutation.ts';
import { type FramedProtocol, frameReader } from './protocol.ts';

/** What to throw at a server. */
export interface FuzzOptions {
  readonly protocol: FramedProtocol;
  readonly port: number;
  /** Frames of a real client, to be bent. */
  readonly recorded: readonly Buffer[];
  readonly frames: number;
  readonly seed: number;
}

/** What came of it. */
export interface FuzzResult {
  /** Bent frames; the real ones before them do not count. */
  readonly sent: number;
  /** Connections whose last frame was followed by a ping that was answered, of those on which that is possible. */
  readonly answered: number;
  /** Connections the server closed. */
  readonly closed: number;
  /** Connections on which a request waited for something that did not happen. */
  readonly waiting: number;
  /** Answers that tell of a defect, with what was sent before. */
  readonly defects: readonly string[];
  /** The longest that another client waited for an answer meanwhile, in ms. */
  readonly slowestMs: number;
}

const atOnce = 8;
const mostHalfOpen = 50;
const waitMs = 250;
/** Another client must not wait for longer; of a loaded machine. */
const patienceMs = 10_000;

/** Throws frames at a server, several connections at a time, while another client asks it now and then. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const random = seededRandom(options.seed);
  const halfOpen: Socket[] = [];
  const count = { sent: 0, answered: 0, closed: 0, waiting: 0 };
  const defects: string[] = [];
  let slowestMs = 0;
  let probed = 0;
  while (count.sent < options.frames) {
    const rounds = Array.from({ length: atOnce }, () => attacksOf(options, random));
    count.sent += rounds.length;
    const ends = await Promise.all(rounds.map((attacks) => assail(options, attacks, random, halfOpen, defects)));
    for (const end of ends) if (end !== undefined) count[end]++;
    for (const socket of halfOpen.splice(0, halfOpen.length - mostHalfOpen)) socket.destroy();
    if (count.sent - probed < 500) continue;
    probed = count.sent;
    slowestMs = Math.max(slowestMs, await probe(options));
  }
  for (const socket of halfOpen) socket.destroy();
  return { ...count, defects, slowestMs };
}

/** Up to two requests as they were recorded, and one that is bent: what comes behind that one is often not read. */
function attacksOf({ protocol, recorded }: FuzzOptions, random: Random): Attack[] {
  const before = Array.from({ length: random.below(3) }, () => Buffer.from(random.pick(recorded)));
  const real = before.map((bytes): Attack => ({ kind: 'real', bytes, isWhole: true }));
  return [...real, makeAttack(protocol, recorded, random)];
}

/** Sends the attacks on one connection. Without an end when it stays half open. */
async function assail(
  { protocol, port }: FuzzOptions,
  attacks: readonly Attack[],
  random: Random,
  halfOpen: Socket[],
  defects: string[],
): Promise<'answered' | 'closed' | 'waiting' | undefined> {
  const stays = random.next() < 0.05;
  const socket = await open(port);
  const read = frameReader(protocol);
  const closed = once(socket, 'close').then(() => 'closed' as const);
  const pong = new Promise<'answered'>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      for (const frame of read(chunk)) {
        if (protocol.isDefect(frame)) defects.push(`${frame.toString('latin1')} after ${describeAttacks(attacks)}`);
        if (protocol.isPong(frame)) resolve('answered');
      }
    });
  });
  const bytes = Buffer.concat(attacks.map((attack) => attack.bytes));
  if (stays) {
    socket.write(bytes);
    halfOpen.push(socket);
    return undefined;
  }
  if (attacks.at(-1)?.isWhole) socket.write(Buffer.concat([bytes, protocol.ping]));
  else socket.end(bytes);
  const end = await Promise.race([pong, closed, after(waitMs, closed)]);
  socket.destroy();
  await closed;
  return end;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy()); // a reset is one of the answers that are looked for
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined);
  return socket;
}

/** Resolves after a time, or never when something else is first. */
async function after(ms: number, first: Promise<unknown>): Promise<'waiting'> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve('waiting'), ms);
    first.then(() => clearTimeout(timer));
  });
}

/** Milliseconds that a new client waits for an answer; throws when there is none in time. */
async function probe({ protocol, port }: FuzzOptions): Promise<number> {
  const begun = performance.now();
  const socket = await open(port);
  const read = frameReader(protocol);
  try {
    const answered = new Promise<boolean>((resolve) => {
      socket.on('data', (chunk: Buffer) => read(chunk).some(protocol.isPong) && resolve(true));
      socket.once('close', () => resolve(false));
      socket.setTimeout(patienceMs, () => resolve(false));
    });
    socket.write(protocol.ping);
    if (!(await answered)) throw new Error(`${protocol.name} no longer answers`);
    return performance.now() - begun;
  } finally {
    socket.destroy();
  }
}

/** Attacks as a person who looks for the cause needs them. */
export function describeAttacks(attacks: readonly Attack[]): string {
  return attacks.map(({ kind, bytes }) => `${kind} ${bytes.subarray(0, 400).toString('hex')}`).join(', ');
}
