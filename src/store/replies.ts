import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

/** An answer kept for requests that are repeated. MongoDB deletes it after a day. */
export interface ReplyDocument {
  /** `tenant/Idempotency-Key`. */
  readonly _id: string;
  /** Of the request that was answered. */
  readonly digest: string;
  readonly answer: unknown;
  readonly at: Date;
}

/** Keeps answers in MongoDB; of two to the same key the first. */
export function createReplies({ replies }: Pick<Database, 'replies'>) {
  return {
    find: (tenant: string, key: string) =>
      withMongo(async () => (await replies.findOne({ _id: `${tenant}/${key}` })) ?? undefined),
    keep: (tenant: string, key: string, { digest, answer }: Pick<ReplyDocument, 'digest' | 'answer'>) =>
      withMongo(async () => {
        await replies.updateOne(
          { _id: `${tenant}/${key}` },
          { $setOnInsert: { digest, answer, at: new Date() } },
          { upsert: true },
        );
      }),
  };
}
