import { type ChangeStream, type ChangeStreamDocument, MongoServerError } from 'mongodb';
import type { AlertChange } from '../domain/alert.ts';
import { unannouncedChanges } from './alert-changes.ts';
import type { AlertDocument } from './alert-documents.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

/** Changes of one alert that were written together. */
export interface FedChanges {
  /** Where the feed stands after them: what to go on from. */
  readonly position: string;
  readonly changes: readonly AlertChange[];
}

/** Who follows the alerts of one tenant. */
export interface AlertFollower {
  readonly tenant: string;
  /** In the order of writing. What is not announced yet when its alert changes again comes once more. */
  changed(fed: FedChanges): void;
  /** What was to be gone on from is too long ago: some changes are missing. */
  missed(): void;
  /** The feed has ended: MongoDB does not answer, or the process stops. */
  ended(): void;
}

/** Changes of alerts as they are written, to any number of followers through one change stream. */
export interface AlertFeed {
  /**
   * Follows from now on, or from a position on, without gaps.
   *
   * @returns what ends it
   * @throws DependencyError when MongoDB does not answer or is no replica set
   */
  follow(follower: AlertFollower, after?: string): Promise<() => void>;
  close(): Promise<void>;
}

type Stream = ChangeStream<AlertDocument, ChangeStreamDocument<AlertDocument>>;

/** Insertions and replacements carry the alert as it was written; the mark that it is announced is an update. */
const written = { operationType: { $in: ['insert', 'replace'] }, 'fullDocument.unannounced': true };

/** Opens nothing until somebody follows. */
export function createAlertFeed({ alerts }: Pick<Database, 'alerts'>): AlertFeed {
  const followers = new Set<AlertFollower>();
  let opening: Promise<Stream> | undefined;
  const endAll = () => {
    opening = undefined;
    for (const follower of followers) follower.ended();
    followers.clear();
  };
  const open = async () => {
    const stream = alerts.watch<AlertDocument, ChangeStreamDocument<AlertDocument>>([{ $match: written }]);
    const tell = (event: ChangeStreamDocument<AlertDocument> | null) => {
      const document = documentOf(event);
      if (event === null || document === undefined) return;
      const fed = { position: positionOf(event._id), changes: changesOf(document) };
      for (const follower of followers) if (follower.tenant === document.tenant) follower.changed(fed);
    };
    // Only a first answer shows that the stream is open.
    tell(await stream.tryNext());
    const run = async () => {
      for await (const event of stream) tell(event);
    };
    run().then(endAll, endAll);
    return stream;
  };
  return {
    follow: (follower, after) =>
      withMongo(async () => {
        opening ??= open();
        const live = await opening.catch((error: unknown) => {
          opening = undefined;
          throw error;
        });
        const waiting: FedChanges[] = [];
        // What comes while the past is read waits its turn.
        let changed = (fed: FedChanges): void => {
          waiting.push(fed);
        };
        const joined: AlertFollower = { ...follower, changed: (fed) => changed(fed) };
        followers.add(joined);
        const stop = () => void followers.delete(joined);
        try {
          if (after !== undefined) await readPast(alerts, follower, after, positionOf(live.resumeToken));
        } catch (error) {
          stop();
          throw error;
        }
        changed = (fed) => follower.changed(fed);
        for (const fed of waiting) follower.changed(fed);
        return stop;
      }),
    close: async () => {
      const stream = await opening?.catch(() => undefined);
      endAll();
      await stream?.close();
    },
  };
}

/** Tells what was written between two positions. */
async function readPast(alerts: Database['alerts'], follower: AlertFollower, after: string, through: string) {
  const pipeline = [{ $match: { ...written, 'fullDocument.tenant': follower.tenant } }];
  const stream = alerts.watch<AlertDocument, ChangeStreamDocument<AlertDocument>>(pipeline, {
    resumeAfter: { _data: after },
    maxAwaitTimeMS: 100,
  });
  try {
    for (let before = after; ; ) {
      const event = await stream.tryNext();
      const position = positionOf(event === null ? stream.resumeToken : event._id);
      // An answer without events may come before everything was looked through; then the position has moved.
      if (position > through || (event === null && position === before)) return;
      const document = documentOf(event);
      if (document !== undefined) follower.changed({ position, changes: changesOf(document) });
      if (position === through) return;
      before = position;
    }
  } catch (error) {
    // The position is none, or what followed it is no longer kept.
    if (!(error instanceof MongoServerError)) throw error;
    follower.missed();
  } finally {
    await stream.close();
  }
}

function documentOf(event: ChangeStreamDocument<AlertDocument> | null): AlertDocument | undefined {
  return event !== null && 'fullDocument' in event ? event.fullDocument : undefined;
}

function changesOf(document: AlertDocument): AlertChange[] {
  return unannouncedChanges(document).map(({ change }) => change);
}

/** Positions are ordered as text: resume tokens are. Source: MongoDB manual, "Change Streams", "Resume Tokens". */
function positionOf(token: unknown): string {
  return typeof token === 'object' && token !== null && '_data' in token ? String(token._data) : '';
}
