import { z } from 'zod';
import { type TopicId, topicIds } from '../domain/labels.ts';
import { PhraseMatcher } from './phrase-matcher.ts';

const topicSchema = z.strictObject({
  id: z.enum(topicIds),
  names: z.strictObject({ ja: z.string().min(1), en: z.string().min(1) }),
  covers: z.string().min(1),
  keywords: z.array(z.string().min(1)).min(1),
  examples: z.array(z.string().min(1)).min(2).max(4),
});

const taxonomySchema = z.strictObject({
  version: z.string().min(1),
  topics: z
    .array(topicSchema)
    .refine((topics) => topicIds.every((id, index) => topics[index]?.id === id) && topics.length === topicIds.length, {
      message: `must be these, each once, in this order: ${topicIds.join(', ')}`,
    }),
});

/** What a topic is called, what belongs to it, which words name it, and sentences in which the words find it. */
export type Topic = z.infer<typeof topicSchema>;

/** The topics that feedback can be about. */
export interface Taxonomy {
  readonly version: string;
  readonly topics: readonly Topic[];
  readonly matcher: PhraseMatcher<TopicId>;
}

/**
 * Reads a taxonomy from parsed JSON.
 *
 * @throws Error naming every field that is wrong
 */
export function parseTaxonomy(json: unknown): Taxonomy {
  const parsed = taxonomySchema.safeParse(json);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
    throw new Error(faults.join('; '));
  }
  const { version, topics } = parsed.data;
  const phrases = topics.flatMap(({ id, keywords }) => keywords.map((text) => ({ text, value: id })));
  return { version, topics, matcher: new PhraseMatcher(phrases) };
}
