import type { Bunsetsu } from '../text/bunsetsu.ts';
import { chunk } from '../text/chunking.ts';
import { dependencies, root } from '../text/dependencies.ts';
import type { Token } from '../text/tokenizer.ts';

/** The bunsetsu of a sentence and what depends on what. */
export interface SentenceStructure {
  readonly tokens: readonly Token[];
  readonly phrases: readonly Bunsetsu[];
  /** For each phrase the one it depends on, or {@link root}. */
  readonly heads: readonly number[];
  /** For each phrase those that depend on it, in order. */
  readonly dependents: readonly (readonly number[])[];
  /** For each token the phrase that holds it. */
  readonly phraseOf: readonly number[];
}

/**
 * Reads the structure of a sentence.
 *
 * @param starts tokens at which a bunsetsu begins in any case
 */
export function readStructure(tokens: readonly Token[], starts: ReadonlySet<number>): SentenceStructure {
  const phrases = chunk(tokens, starts);
  const heads = dependencies(phrases, tokens);
  const dependents = phrases.map((): number[] => []);
  const phraseOf: number[] = [];
  for (const [index, { first, end }] of phrases.entries()) {
    const head = heads[index] ?? root;
    if (head !== root) dependents[head]?.push(index);
    for (let token = first; token < end; token += 1) phraseOf.push(index);
  }
  return { tokens, phrases, heads, dependents, phraseOf };
}
