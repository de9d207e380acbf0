import type { TopicId } from '../domain/labels.ts';
import type { Token } from '../text/tokenizer.ts';
import type { Taxonomy } from './taxonomy.ts';

/** A topic named by the tokens `[first, end)`. */
export interface TopicKeyword {
  readonly id: TopicId;
  readonly first: number;
  readonly end: number;
}

/** Topics that the words of a sentence name, in order; one word may name two. */
export function findTopicKeywords(tokens: readonly Token[], taxonomy: Taxonomy): TopicKeyword[] {
  return taxonomy.matcher.find(tokens).flatMap(({ first, end, values }) => values.map((id) => ({ id, first, end })));
}
