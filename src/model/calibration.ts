import { z } from 'zod';
import type { Thresholds } from '../analysis/sentence-scores.ts';
import { type FlagId, flagIds, type IntentId, intentIds, type TopicId, topicIds } from '../domain/labels.ts';
import { headNames } from './label-map.ts';

const temperature = z.number().min(0.05).max(20);
const threshold = z.number().gt(0).lt(1);

/**
 * `calibration.json` of a model folder: what the logits of each head are divided by before they become probabilities
 * (temperature scaling: Guo et al. 2017, "On Calibration of Modern Neural Networks"), and from which probability on a
 * topic, intent or flag is stated.
 */
export const calibrationSchema = z.strictObject({
  temperatures: z.strictObject(
    Object.fromEntries(headNames.map((name) => [name, temperature.optional()])) as Record<
      (typeof headNames)[number],
      z.ZodOptional<typeof temperature>
    >,
  ),
  thresholds: z
    .strictObject({
      topics: z.partialRecord(z.enum(topicIds), threshold).optional(),
      intents: z.partialRecord(z.enum(intentIds), threshold).optional(),
      flags: z.partialRecord(z.enum(flagIds), threshold).optional(),
    })
    .optional(),
  ece: z
    .partialRecord(z.enum(headNames), z.number().min(0).max(1))
    .describe('Expected calibration error per head on the rows it was fitted on.'),
  fittedOn: z.string().min(1).describe('Which rows.'),
});

/** What makes probabilities of logits, and labels of probabilities. */
export type Calibration = z.infer<typeof calibrationSchema>;

/** For a model that brings none: logits as they are. */
export const uncalibrated: Calibration = { temperatures: {}, ece: {}, fittedOn: 'nothing' };

/** Where the calibration names no threshold: more likely than not. */
const moreLikelyThanNot = 0.5;

/** Thresholds of every label. */
export function thresholdsOf({ thresholds }: Calibration): Thresholds {
  const all = <Id extends string>(ids: readonly Id[], given: Partial<Record<Id, number>> | undefined) =>
    Object.fromEntries(ids.map((id) => [id, given?.[id] ?? moreLikelyThanNot])) as Record<Id, number>;
  return {
    topics: all<TopicId>(topicIds, thresholds?.topics),
    intents: all<IntentId>(intentIds, thresholds?.intents),
    flags: all<FlagId>(flagIds, thresholds?.flags),
  };
}
