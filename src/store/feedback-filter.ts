import type { Filter } from 'mongodb';
import type { Channel } from '../domain/labels.ts';
import type { RecordDocument } from './documents.ts';

/** Which records are asked about: one tenant's, `since` included, `until` excluded. */
export interface FeedbackFilter {
  readonly tenant: string;
  readonly since: Date;
  readonly until: Date;
  readonly channel?: Channel | undefined;
  readonly attributes?: WantedAttributes | undefined;
}

/** Values that attributes must have, as text. */
export type WantedAttributes = Readonly<Record<string, string>>;

/** The records of a filter. Attributes match as text, number or boolean, since a filter is typed as text. */
export function matching(filter: FeedbackFilter): Filter<RecordDocument> {
  return { ...matchingAnyTime(filter), occurredAt: { $gte: filter.since, $lt: filter.until } };
}

/** The records of a filter, whenever they were said. */
export function matchingAnyTime(filter: Omit<FeedbackFilter, 'since' | 'until'>): Filter<RecordDocument> {
  const attributes = attributeConditions(filter.attributes ?? {});
  return {
    tenant: filter.tenant,
    ...(filter.channel !== undefined && { channel: filter.channel }),
    ...(attributes.length > 0 && { $and: attributes }),
  };
}

/** What the attributes of a record must be, each. */
export function attributeConditions(wanted: WantedAttributes): Filter<RecordDocument>[] {
  return Object.entries(wanted).map(([name, value]) => ({ [`attributes.${name}`]: { $in: spellings(value) } }));
}

/** Whether a record has the attributes, as {@link attributeConditions} would find it. */
export function hasAttributes({ attributes }: Pick<RecordDocument, 'attributes'>, wanted: WantedAttributes): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const held = attributes?.[name];
    return held !== undefined && spellings(value).includes(held);
  });
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
