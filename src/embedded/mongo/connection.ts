import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { BsonReader } from './bson/decode.ts';
import { BsonWriter } from './bson/encode.ts';
import type { CommandContext } from './commands/command.ts';
import { commandName, dispatch, failure } from './commands/dispatch.ts';
import { MongoFault } from './errors.ts';
import { encodeReply, parseMessage, type Request } from './wire/message.ts';
import { MessageSplitter } from './wire/splitter.ts';

/** Hooks for tests: what to do to a command by its name. */
export interface ConnectionFaults {
  /** Milliseconds to wait before a command is carried out. */
  delay?(command: string): number;
  /** Cuts the connection before a command is carried out, or before its reply is sent. */
  drop?(command: string): 'before' | 'after' | undefined;
}

/**
 * Serves one client: its messages one after another, each answered before the next is looked at. Bytes that are no
 * message end the connection and nothing else.
 */
export function serveConnection(
  socket: Socket,
  context: Omit<CommandContext, 'signal'>,
  faults: ConnectionFaults,
): void {
  const splitter = new MessageSplitter();
  const reader = new BsonReader();
  const writer = new BsonWriter();
  const closed = new AbortController();
  const full: CommandContext = { ...context, signal: closed.signal };
  let requestId = 0;
  let work = Promise.resolve();

  /** A message that is whole but holds what the server cannot (too deep, a date too far) is answered with an error. */
  const parse = (message: Buffer): Request | undefined => {
    try {
      return parseMessage(message, reader);
    } catch (error) {
      if (!(error instanceof MongoFault) || ![2, 15].includes(error.code)) throw error;
      socket.write(encodeReply(writer, ++requestId, message.readInt32LE(4), failure(error), false));
      return undefined;
    }
  };

  const answer = async (message: Buffer): Promise<void> => {
    if (closed.signal.aborted) return;
    const request = parse(message);
    if (request === undefined) return;
    const { command } = request;
    const name = commandName(command);
    const wait = faults.delay?.(name) ?? 0;
    if (wait > 0) await delay(wait);
    const drop = faults.drop?.(name);
    if (drop === 'before') throw new Error('connection dropped by a fault');
    const reply = await dispatch(command, full);
    if (drop === 'after') throw new Error('connection dropped by a fault');
    if (!request.wantsReply || socket.destroyed) return;
    socket.write(encodeReply(writer, ++requestId, request.id, reply, request.isLegacy));
  };

  socket.on('data', (chunk: Buffer) => {
    try {
      for (const message of splitter.push(chunk))
        work = work.then(() => answer(message)).catch(() => void socket.destroy());
    } catch {
      // The length of a message is impossible: there is no next one to find.
      socket.destroy();
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => closed.abort());
}
