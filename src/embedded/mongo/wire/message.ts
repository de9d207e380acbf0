import type { BsonReader } from '../bson/decode.ts';
import { Doc } from '../bson/doc.ts';
import type { BsonWriter } from '../bson/encode.ts';
import { MongoFault } from '../errors.ts';

/** Operation codes of https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
const opCode = { reply: 1, query: 2004, message: 2013 } as const;

/** Bytes of the largest message, as `hello` announces it. */
export const maxMessageBytes = 48_000_000;

const flagBits = { checksum: 1, moreToCome: 2 } as const;

/** A command that arrived, with how it wants to be answered. */
export interface Request {
  readonly id: number;
  /** The command document, with document sequences merged in and `$db` set. */
  readonly command: Doc;
  readonly isLegacy: boolean;
  /** False when the client does not want an answer (`moreToCome`). */
  readonly wantsReply: boolean;
}

/** Decodes one message of OP_MSG or, for the first `hello` of old drivers, OP_QUERY; throws when it is neither. */
export function parseMessage(bytes: Buffer, reader: BsonReader): Request {
  const id = bytes.readInt32LE(4);
  const code = bytes.readInt32LE(12);
  if (code === opCode.message) return parseOpMsg(id, bytes, reader);
  if (code === opCode.query) return parseOpQuery(id, bytes, reader);
  throw new MongoFault(17, `operation code ${code} is not supported`);
}

function parseOpMsg(id: number, bytes: Buffer, reader: BsonReader): Request {
  const flags = bytes.readUInt32LE(16);
  if ((flags & 0xffff & ~(flagBits.checksum | flagBits.moreToCome)) !== 0) {
    throw new MongoFault(17, `OP_MSG with unknown required flags ${flags & 0xffff}`);
  }
  const end = bytes.length - ((flags & flagBits.checksum) === 0 ? 0 : 4);
  let command: Doc | undefined;
  const sequences: [string, Doc[]][] = [];
  let at = 20;
  while (at < end) {
    const kind = bytes[at++];
    const size = bytes.readInt32LE(at);
    if (size < 5 || at + size > end) throw new MongoFault(22, 'OP_MSG section runs over the end of its message');
    if (kind === 0) {
      if (command !== undefined) throw new MongoFault(17, 'OP_MSG with two bodies');
      command = reader.read(bytes, at);
    } else if (kind === 1) sequences.push(parseSequence(bytes, at, at + size, reader));
    else throw new MongoFault(17, `OP_MSG section of unknown kind ${kind}`);
    at += size;
  }
  if (command === undefined) throw new MongoFault(17, 'OP_MSG without a body');
  for (const [name, documents] of sequences) command[name] = documents;
  return {
    id,
    command,
    isLegacy: false,
    wantsReply: (flags & flagBits.moreToCome) === 0,
  };
}

function parseSequence(bytes: Buffer, start: number, end: number, reader: BsonReader): [string, Doc[]] {
  const zero = bytes.indexOf(0, start + 4);
  if (zero < 0 || zero >= end) throw new MongoFault(22, 'document sequence without a name');
  const documents: Doc[] = [];
  for (let at = zero + 1; at < end; at += bytes.readInt32LE(at)) documents.push(reader.read(bytes, at));
  return [bytes.toString('utf8', start + 4, zero), documents];
}

function parseOpQuery(id: number, bytes: Buffer, reader: BsonReader): Request {
  const zero = bytes.indexOf(0, 20);
  const collection = bytes.toString('utf8', 20, zero);
  if (zero < 0 || !collection.endsWith('.$cmd')) throw new MongoFault(17, 'OP_QUERY is supported for commands only');
  let command = reader.read(bytes, zero + 9);
  if (command.$query instanceof Doc) command = command.$query;
  command.$db = collection.slice(0, -'.$cmd'.length);
  return { id, command, isLegacy: true, wantsReply: true };
}

/** Encodes the answer to a request. */
export function encodeReply(
  writer: BsonWriter,
  requestId: number,
  responseTo: number,
  body: Doc,
  isLegacy: boolean,
): Buffer {
  writer.document(body);
  const document = writer.take();
  const head = Buffer.alloc(isLegacy ? 36 : 21);
  head.writeInt32LE(head.length + document.length, 0);
  head.writeInt32LE(requestId, 4);
  head.writeInt32LE(responseTo, 8);
  head.writeInt32LE(isLegacy ? opCode.reply : opCode.message, 12);
  if (isLegacy) head.writeInt32LE(1, 32);
  else head.writeUInt32LE(0, 16);
  return Buffer.concat([head, document]);
}
