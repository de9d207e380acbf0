import { z } from 'zod';
import type { RollUpWeights } from '../analysis/sentence-scores.ts';

const share = z.number().min(0).max(1);

/** `roll-up.json` of a model folder: how scores of sentences and passages become those of a text. */
export const rollUpSchema = z.strictObject({
  weights: z.strictObject({
    sentiment: z.strictObject({
      passages: share,
      last: z.number().min(1).max(10),
      sharpness: z.number().gt(0).max(10),
    }),
    topics: z.strictObject({ passages: share, bothFrom: z.number().gt(0).max(1) }),
    intents: z.strictObject({ passages: share }),
    emotion: z.strictObject({ passages: share }),
    flags: z.strictObject({ passages: share }),
  }),
  fittedOn: z.string().min(1).describe('Which texts.'),
});

/** For a model that brings none: passages and sentences count alike. */
export const plainRollUp: RollUpWeights = {
  sentiment: { passages: 0.5, last: 1, sharpness: 1 },
  topics: { passages: 0.5, bothFrom: 1 },
  intents: { passages: 0.5 },
  emotion: { passages: 0.5 },
  flags: { passages: 0.5 },
};
