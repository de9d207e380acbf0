import { randomUUID } from 'node:crypto';

/** A name that no other test and no other run uses, so that they can share a server. */
export function uniqueName(base: string): string {
  return `${base}-${randomUUID().slice(0, 8)}`;
}

/** Settings that keep a worker's topics, group and database apart from those of other runs on the same servers. */
export function uniqueSettings(): { KOE_TOPIC_PREFIX: string; KOE_GROUP_ID: string; KOE_MONGODB_DATABASE: string } {
  const name = uniqueName('koe-test');
  return { KOE_TOPIC_PREFIX: `${name}.`, KOE_GROUP_ID: name, KOE_MONGODB_DATABASE: name };
}
