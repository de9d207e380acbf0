import { z } from 'zod';
import { emotionIds, flagIds, intentIds, polarities, sentiments, topicIds } from '../domain/labels.ts';

/** Labels of the emotion head: the emotions, and that none is expressed. */
export const emotionLabels = [...emotionIds, 'none'] as const;

/** A head of which one label is true; columns of one label add up, columns of `null` mean nothing to koe. */
function oneOf<Id extends string>(ids: readonly [Id, ...Id[]]) {
  return z.object({
    first: z.int().min(0),
    labels: z
      .array(z.enum(ids).nullable())
      .min(2)
      .refine((labels) => new Set(labels).size > 1, { message: 'must name more than one label' }),
  });
}

/** A head whose labels are true or not each on its own. */
function eachOf<Id extends string>(ids: readonly [Id, ...Id[]]) {
  return z.object({
    first: z.int().min(0),
    labels: z
      .array(z.enum(ids))
      .min(1)
      .refine((labels) => new Set(labels).size === labels.length, { message: 'must name no label twice' }),
  });
}

const headsSchema = z.strictObject({
  sentiment: oneOf(sentiments).optional(),
  topics: eachOf(topicIds).optional(),
  /** One group of these per topic, in the order of the topics. */
  polarities: oneOf(polarities).optional(),
  intents: eachOf(intentIds).optional(),
  emotion: oneOf(emotionLabels).optional(),
  flags: eachOf(flagIds).optional(),
});

/** The heads that a model can have. */
export const headNames = ['sentiment', 'topics', 'polarities', 'intents', 'emotion', 'flags'] as const;
export type HeadName = (typeof headNames)[number];

/**
 * What each logit of a model means (`labels.json` of a model folder): per head its first column and the labels of its
 * columns in order. Heads that a model does not have are left out; rules do their work. Parsing fails unless every head
 * lies within the width without touching another.
 */
export const labelMapSchema = z
  .object({ width: z.int().min(1).describe('Number of logits.'), heads: headsSchema })
  .superRefine(({ width, heads }, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['heads'], message });
    if (Object.keys(heads).length === 0) return refuse('there is none');
    if (heads.polarities !== undefined && heads.topics === undefined) return refuse('polarities are those of topics');
    if (heads.topics !== undefined && heads.polarities === undefined) return refuse('topics need polarities');
    const owners = new Map<number, string>();
    for (const { name, first, columns } of columnsOf(heads)) {
      for (let column = first; column < first + columns; column++) {
        const owner = owners.get(column);
        if (column >= width) return refuse(`${name} ends at column ${first + columns} of ${width}`);
        if (owner !== undefined) return refuse(`${owner} and ${name} share column ${column}`);
        owners.set(column, name);
      }
    }
  });

/** The meaning of each logit. */
export type LabelMap = z.infer<typeof labelMapSchema>;

/** Where each head's columns are. */
export function columnsOf(heads: LabelMap['heads']): { name: HeadName; first: number; columns: number }[] {
  return headNames.flatMap((name) => {
    const head = heads[name];
    if (head === undefined) return [];
    const groups = name === 'polarities' ? (heads.topics?.labels.length ?? 0) : 1;
    return [{ name, first: head.first, columns: groups * head.labels.length }];
  });
}
