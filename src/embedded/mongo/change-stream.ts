import { Timestamp } from 'bson';
import type { Stage } from './aggregate/stage.ts';
import { identical } from './bson/compare.ts';
import { Doc, docOf } from './bson/doc.ts';
import type { CursorSource } from './cursors.ts';
import { MongoFault, unsupported } from './errors.ts';
import { type Change, compareMoments, type Moment } from './storage/change.ts';
import type { Store } from './storage/store.ts';

const options = [
  'fullDocument',
  'fullDocumentBeforeChange',
  'resumeAfter',
  'startAfter',
  'startAtOperationTime',
  'showExpandedEvents',
  'allChangesForCluster',
];

/** What a change stream watches: a collection, or a whole database. */
export interface Watched {
  readonly database: string;
  readonly collection: string | undefined;
}

/**
 * The source of a change stream's cursor (https://www.mongodb.com/docs/manual/changeStreams/). Resume tokens name a
 * moment of this data folder's history and stay good over restarts as long as the changes behind them are kept.
 *
 * @param pipeline the stages behind `$changeStream`, which each event goes through
 */
export function changeStream(store: Store, watched: Watched, spec: Doc, pipeline: Stage): CursorSource {
  for (const option in spec) {
    if (!options.includes(option))
      throw new MongoFault(40415, `BSON field '$changeStream.${option}' is an unknown field.`);
  }
  const { fullDocument = 'default', fullDocumentBeforeChange = 'off' } = spec;
  if (fullDocument !== 'default' && fullDocument !== 'updateLookup')
    throw unsupported(`fullDocument: '${String(fullDocument)}'`);
  if (fullDocumentBeforeChange !== 'off') throw unsupported('fullDocumentBeforeChange');
  if (spec.allChangesForCluster === true) throw unsupported('change streams of all databases');
  let position = startOf(store, spec);
  let waiting: Change[] = changesAfter(store, position);
  let isOver = false;
  const out: Doc[] = [];
  const sink = pipeline({
    push(doc) {
      out.push(doc);
      return true;
    },
    end() {},
  });
  const refill = () => {
    if (waiting.length === 0) waiting = changesAfter(store, position);
  };
  const next = (): Doc | undefined => {
    refill();
    for (;;) {
      const ready = out.shift();
      if (ready !== undefined) return ready;
      const change = isOver ? undefined : waiting.shift();
      if (change === undefined) return undefined;
      position = change;
      if (!concerns(change, watched)) continue;
      sink.push(eventOf(store, change, fullDocument === 'updateLookup'));
      if (ends(change, watched)) {
        isOver = true;
        const token = tokenOf(store, change, true);
        sink.push(docOf({ _id: token, operationType: 'invalidate', clusterTime: new Timestamp(change) }));
      }
    }
  };
  return {
    next,
    get isExhausted() {
      return isOver && out.length === 0;
    },
    wait: (ms, signal) => waitForChange(store, ms, signal),
    state: () => docOf({ postBatchResumeToken: tokenOf(store, position, isOver) }),
  };
}

function changesAfter(store: Store, moment: Moment): Change[] {
  const changes = store.oplog.after(moment);
  if (changes !== undefined) return [...changes];
  throw new MongoFault(
    286,
    'Resume of change stream was not possible, as the resume point may no longer be in the oplog.',
    docOf({ errorLabels: ['NonResumableChangeStreamError'] }),
  );
}

function waitForChange(store: Store, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, ms));
    const stop = store.oplog.listen(done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}

function startOf(store: Store, spec: Doc): Moment {
  const { resumeAfter, startAfter, startAtOperationTime } = spec;
  const given = [resumeAfter, startAfter, startAtOperationTime].filter((value) => value !== undefined);
  if (given.length > 1)
    throw new MongoFault(40674, 'Only one type of resume option is allowed, but multiple were found.');
  if (startAtOperationTime instanceof Timestamp) {
    const { t, i } = startAtOperationTime;
    return i > 0 ? { t, i: i - 1 } : { t: t - 1, i: 0xffffffff };
  }
  const token = resumeAfter ?? startAfter;
  if (token === undefined) return store.now;
  const { moment, isInvalidate } = parseToken(store, token);
  if (isInvalidate && resumeAfter !== undefined) {
    throw new MongoFault(
      260,
      'Attempting to resume a change stream using resumeAfter is not allowed from an invalidate notification.',
    );
  }
  if (compareMoments(moment, store.now) > 0)
    throw new MongoFault(260, 'The resume token is from the future of this server.');
  return moment;
}

/** Eight hexadecimal digits each of the history's identity, seconds and count, then whether the stream ended there. */
function tokenOf(store: Store, { t, i }: Moment, isInvalidate = false): Doc {
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  return docOf({ _data: `${store.identity}${hex(t)}${hex(i)}${isInvalidate ? '01' : '00'}`.toUpperCase() });
}

function parseToken(store: Store, token: unknown): { moment: Moment; isInvalidate: boolean } {
  const data = token instanceof Doc ? token._data : undefined;
  if (typeof data !== 'string' || !/^[0-9A-F]{26}$/.test(data)) {
    throw new MongoFault(260, 'Bad resume token: _data of missing or of wrong type');
  }
  if (data.slice(0, 8).toLowerCase() !== store.identity) {
    throw new MongoFault(260, 'The resume token was made by a server with other data.');
  }
  const moment = { t: Number.parseInt(data.slice(8, 16), 16), i: Number.parseInt(data.slice(16, 24), 16) };
  return { moment, isInvalidate: data.endsWith('01') };
}

function concerns(change: Change, { database, collection }: Watched): boolean {
  if (change.database !== database) return false;
  return collection === undefined || change.kind === 'dropDatabase' || change.collection === collection;
}

function ends(change: Change, { collection }: Watched): boolean {
  return change.kind === 'dropDatabase' || (change.kind === 'drop' && collection !== undefined);
}

function eventOf(store: Store, change: Change, lookup: boolean): Doc {
  const { kind, database, collection, id, before, after } = change;
  const isDocument = id !== undefined;
  let fullDocument: unknown = kind === 'insert' || kind === 'replace' ? after : undefined;
  if (kind === 'update' && lookup) fullDocument = store.find(database, collection)?.byId(id)?.doc ?? null;
  return docOf({
    _id: tokenOf(store, change),
    operationType: kind,
    clusterTime: new Timestamp({ t: change.t, i: change.i }),
    wallTime: new Date(change.t * 1000),
    fullDocument,
    ns: collection === '' ? docOf({ db: database }) : docOf({ db: database, coll: collection }),
    documentKey: isDocument ? docOf({ _id: id }) : undefined,
    updateDescription:
      kind === 'update' && before !== undefined && after !== undefined ? difference(before, after) : undefined,
  });
}

/** What an update did, by path: fields set and fields removed; an array that changed is set as a whole. */
function difference(before: Doc, after: Doc): Doc {
  const updatedFields = new Doc();
  const removedFields: string[] = [];
  const compare = (a: Doc, b: Doc, prefix: string) => {
    for (const key in a) if (b[key] === undefined) removedFields.push(prefix + key);
    for (const key in b) {
      const [was, is] = [a[key], b[key]];
      if (identical(was, is)) continue;
      if (was instanceof Doc && is instanceof Doc) compare(was, is, `${prefix}${key}.`);
      else updatedFields[prefix + key] = is;
    }
  };
  compare(before, after, '');
  return docOf({ updatedFields, removedFields, truncatedArrays: [] });
}
