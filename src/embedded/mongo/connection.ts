import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { BsonReader } from './bson/decode.ts';
import { BsonWriter } from './bson/encode.ts';
import type { CommandContext } from './commands/command.ts';
import { commandName, dispatch, failure } from './commands/dispatch.ts';
import { MongoFault } from './errors.ts';
import { encodeReply, parseMessage, type Request } from './wire/message.ts';
import { MessageSplitter } from './wire/splitter.ts';

/** Bytes of commands that wait while one is carried out; with more of them nothing is read any more. */
const queuedBytesLimit = 1024 * 1024;

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
  const queue: Buffer[] = [];
  let queuedBytes = 0;
  let working = false;
  let requestId = 0;

  /** Sends a reply; resolves when the client has taken enough of it for the next one, or is gone. */
  const send = async (reply: Buffer): Promise<void> => {
    if (socket.destroyed || socket.write(reply) || !socket.writableNeedDrain) return;
    await once(socket, 'drain', { signal: closed.signal }).catch(() => undefined);
  };

  /** A message that is whole but holds what the server cannot (too deep, a date too far) is answered with an error. */
  const parse = (message: Buffer): Request | MongoFault => {
    try {
      return parseMessage(message, reader);
    } catch (error) {
      if (error instanceof MongoFault && [2, 15].includes(error.code)) return error;
      throw error;
    }
  };

  const answer = async (message: Buffer): Promise<void> => {
    const request = parse(message);
    if (request instanceof MongoFault) {
      return send(encodeReply(writer, ++requestId, message.readInt32LE(4), failure(request), false));
    }
    const { command } = request;
    const name = commandName(command);
    const wait = faults.delay?.(name) ?? 0;
    if (wait > 0) await delay(wait);
    const drop = faults.drop?.(name);
    if (drop === 'before') throw new Error('connection dropped by a fault');
    const reply = await dispatch(command, full);
    if (drop === 'after') throw new Error('connection dropped by a fault');
    if (!request.wantsReply || socket.destroyed) return;
    await send(encodeReply(writer, ++requestId, request.id, reply, request.isLegacy));
  };

  const work = async (): Promise<void> => {
    working = true;
    for (let message = queue.shift(); message !== undefined && !socket.destroyed; message = queue.shift()) {
      queuedBytes -= message.length;
      await answer(message).catch(() => void socket.destroy());
      if (queuedBytes <= queuedBytesLimit && socket.isPaused()) socket.resume();
    }
    working = false;
  };

  socket.on('data', (chunk: Buffer) => {
    try {
      for (const message of splitter.push(chunk)) {
        queue.push(message);
        queuedBytes += message.length;
      }
    } catch {
      // The length of a message is impossible: there is no next one to find.
      socket.destroy();
      return;
    }
    // Reading goes on while a command waits, so that a client that goes away is noticed; up to this much.
    if (queuedBytes > queuedBytesLimit) socket.pause();
    if (!working) void work();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => closed.abort());
}
