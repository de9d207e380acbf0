import type { Span } from '../domain/span.ts';
import type { Token } from '../text/tokenizer.ts';

/** Range in the text of the tokens `[first, end)`; there must be at least one. */
export function spanOf(tokens: readonly Token[], first: number, end: number): Span {
  return { start: tokens[first]?.span.start ?? 0, end: tokens[end - 1]?.span.end ?? 0 };
}
