import type { Filter } from 'mongodb';
import type { Channel } from '../domain/labels.ts';
import type { RecordDocument } from './documents.ts';

/** Which records are asked about: one tenant's, `since` included, `until` excluded. */
export interface FeedbackFilter {
  readonly tenant: string;
  readonly since: Date;
  readonly until: Date;
  readonly channel?: Channel | undefined;
  /** Values that attributes must have, as text. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** The records of a filter. Attributes match as text, number or boolean, since a filter is typed as text. */
export function matching(filter: FeedbackFilter): Filter<RecordDocument> {
  return { ...matchingAnyTime(filter), occurredAt: { $gte: filter.since, $lt: filter.until } };
}

/** The records of a filter, whenever they were said. */
export function matchingAnyTime(filter: Omit<FeedbackFilter, 'since' | 'until'>): Filter<RecordDocument> {
  const attributes = Object.entries(filter.attributes ?? {}).map(([name, value]) => ({
    [`attributes.${name}`]: { $in: spellings(value) },
  }));
  return {
    tenant: filter.tenant,
    ...(filter.channel !== undefined && { channel: filter.channel }),
    ...(attributes.length > 0 && { $and: attributes }),
  };
}

/** The period of the same length just before. */
export function periodBefore<T extends Pick<FeedbackFilter, 'since' | 'until'>>(filter: T): T {
  return { ...filter, since: new Date(2 * filter.since.getTime() - filter.until.getTime()), until: filter.since };
}

function spellings(value: string): (string | number | boolean)[] {
  const number = Number(value);
  return [
    value,
    ...(value.trim() !== '' && Number.isFinite(number) ? [number] : []),
    ...(value === 'true' || value === 'false' ? [value === 'true'] : []),
  ];
}
