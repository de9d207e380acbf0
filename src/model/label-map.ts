import { z } from 'zod';
import { emotionIds, flagIds, intentIds, polarities, sentiments, topicIds } from '../domain/labels.ts';

/** Labels of the emotion head: the emotions, and that none is expressed. */
export const emotionLabels = [...emotionIds, 'none'] as const;

/** A head: its labels in the order of its columns, from column `first` on. */
function head<Id extends string>(ids: readonly [Id, ...Id[]]) {
  return z.object({
    first: z.int().min(0),
    labels: z
      .array(z.enum(ids))
      .refine((labels) => labels.length === ids.length && new Set(labels).size === ids.length, {
        message: `must name each of ${ids.join(', ')} once`,
      }),
  });
}

const headsSchema = z.object({
  sentiment: head(sentiments),
  topics: head(topicIds),
  /** One group of these per topic, in the order of the topics. */
  polarities: head(polarities),
  intents: head(intentIds),
  emotion: head(emotionLabels),
  flags: head(flagIds),
});

/**
 * What each column of the encoder's logits means (`labels.json` of a model folder). Parsing fails unless every label
 * of koe has exactly one column and every head lies within the width without touching another.
 */
export const labelMapSchema = z
  .object({ width: z.int().min(1).describe('Columns of the logits.'), heads: headsSchema })
  .superRefine(({ width, heads }, context) => {
    const owners = new Map<number, string>();
    for (const [name, { first, labels }] of Object.entries(heads)) {
      const columns = name === 'polarities' ? labels.length * heads.topics.labels.length : labels.length;
      for (let column = first; column < first + columns; column++) {
        const owner = owners.get(column);
        if (column >= width) return refuse(`${name} ends at column ${first + columns} of ${width}`);
        if (owner !== undefined) return refuse(`${owner} and ${name} share column ${column}`);
        owners.set(column, name);
      }
    }
    function refuse(message: string): void {
      context.addIssue({ code: 'custom', path: ['heads'], message });
    }
  });

/** The meaning of each logit column. */
export type LabelMap = z.infer<typeof labelMapSchema>;
