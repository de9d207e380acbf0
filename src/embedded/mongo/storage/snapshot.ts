import { type Doc, docOf } from '../bson/doc.ts';
import { BsonWriter } from '../bson/encode.ts';
import type { Change, Moment } from './change.ts';
import type { Collection } from './collection.ts';
import { type Frame, frameKind } from './log.ts';
import type { Oplog } from './oplog.ts';

const frameBytes = 256 << 10;

/**
 * The frames of a compacted log: definitions, documents, sessions, then the changes that change streams may still ask
 * for. What is there is noted when this is called; documents written meanwhile follow in the log's tail.
 */
export function snapshotFrames(
  databases: ReadonlyMap<string, ReadonlyMap<string, Collection>>,
  identity: Doc,
  sessions: readonly Doc[],
  oplog: Oplog,
  now: Moment,
): Iterable<Frame> {
  const definitions: Doc[] = [identity];
  const documents: { ns: string; docs: readonly Doc[] }[] = [];
  for (const database of databases.values()) {
    for (const { ns, options, indexes, records } of database.values()) {
      definitions.push(docOf({ op: 'create', ns, o: options }));
      for (const index of indexes.slice(1)) definitions.push(docOf({ op: 'index', ns, o: index.describe() }));
      documents.push({ ns, docs: Array.from(records.values(), (record) => record.doc) });
    }
  }
  return frames(definitions, documents, sessions, oplog.all(), oplog.horizon, now);
}

function* frames(
  definitions: readonly Doc[],
  documents: readonly { ns: string; docs: readonly Doc[] }[],
  sessions: readonly Doc[],
  changes: readonly Change[],
  horizon: Moment,
  now: Moment,
): Generator<Frame> {
  yield* pack(frameKind.snapshot, now, definitions);
  for (const { ns, docs } of documents) yield* pack(frameKind.snapshot, now, inserts(ns, docs));
  yield* pack(frameKind.snapshot, now, sessions);
  yield* pack(frameKind.history, now, histories(changes, horizon));
}

function* inserts(ns: string, docs: readonly Doc[]): Generator<Doc> {
  for (const o of docs) yield docOf({ op: 'i', ns, o });
}

function* histories(changes: readonly Change[], horizon: Moment): Generator<Doc> {
  yield docOf({ op: 'horizon', t: horizon.t, i: horizon.i });
  for (const { t, i, kind, database, collection, id, before, after } of changes) {
    const bytes = after === undefined ? 64 : 1024;
    yield docOf({ op: 'change', t, i, bytes, change: docOf({ kind, database, collection, id, before, after }) });
  }
}

function* pack(kind: number, now: Moment, entries: Iterable<Doc>): Generator<Frame> {
  const writer = new BsonWriter();
  const header = Buffer.alloc(8);
  header.writeUInt32LE(now.t, 0);
  header.writeUInt32LE(now.i, 4);
  for (const entry of entries) {
    writer.document(entry);
    if (writer.length > frameBytes) yield { kind, payload: Buffer.concat([header, writer.take()]) };
  }
  if (writer.length > 0) yield { kind, payload: Buffer.concat([header, writer.take()]) };
}
