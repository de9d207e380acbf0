import { cosineClusters } from './cosine-clusters.ts';
import { type TermCounts, termShifts } from './log-odds.ts';

/** A piece of feedback in which no topic was found. */
export interface UncoveredText {
  readonly id: string;
  /** RFC 3339. */
  readonly occurredAt: string;
  readonly text: string;
  /** Keys of its opinions. */
  readonly opinions: readonly string[];
}

/** Several pieces of feedback that speak of the same thing, which is no topic. */
export interface UncoveredIssue {
  /** What sets them apart: opinions first, then words, strongest first. */
  readonly names: readonly string[];
  readonly count: number;
  /** The most typical ones. */
  readonly examples: readonly Pick<UncoveredText, 'id' | 'occurredAt' | 'text'>[];
}

/** On the encoder of koe sentences about one thing mostly lie above it, and of 300 others less than one does. */
const similarity = 0.6;
const fewest = 5;
const namesShown = 4;
const examplesShown = 3;

/**
 * Groups feedback that no topic covers by what it says, largest first.
 *
 * @param vectors sentence vectors of the texts, in the same order
 * @param background those of sentences about nothing in common
 */
export function uncoveredIssues(
  texts: readonly UncoveredText[],
  vectors: readonly Float32Array[],
  background: readonly Float32Array[] = [],
): UncoveredIssue[] {
  const clusters = cosineClusters(vectors, { similarity, size: fewest }, background);
  return clusters.map(({ members }) => {
    const inside = new Set(members);
    const own = members.flatMap((at) => texts[at] ?? []);
    const others = texts.filter((_, at) => !inside.has(at));
    return {
      names: namesOf(own, others),
      count: own.length,
      examples: own.slice(0, examplesShown).map(({ id, occurredAt, text }) => ({ id, occurredAt, text })),
    };
  });
}

/** Opinions and words that several of the texts hold, and more surely than the others do. */
function namesOf(own: readonly UncoveredText[], others: readonly UncoveredText[]): string[] {
  const best = (termsOf: (text: UncoveredText) => Iterable<string>) =>
    termShifts(countsOf(own, termsOf), countsOf(others, termsOf))
      .filter(({ count, logOdds, baselineCount }) => count >= 2 && (logOdds > 0 || baselineCount === 0))
      .sort((one, other) => other.z - one.z || other.count - one.count || (one.term < other.term ? -1 : 1))
      .map(({ term }) => term);
  const opinions = best(({ opinions }) => opinions);
  const words = best(({ text }) => wordsIn(text)).filter((word) => !opinions.some((key) => key.includes(word)));
  return [...opinions.slice(0, namesShown / 2), ...words].slice(0, namesShown);
}

function countsOf(texts: readonly UncoveredText[], termsOf: (text: UncoveredText) => Iterable<string>): TermCounts {
  const counts = new Map<string, number>();
  for (const text of texts) for (const term of new Set(termsOf(text))) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** Runs of Chinese characters and of katakana, and Latin words: what mostly names things in a Japanese sentence. */
function wordsIn(text: string): string[] {
  return text.normalize('NFKC').match(/\p{Script=Han}{2,8}|[ァ-ヴー]{2,16}|[A-Za-z][A-Za-z0-9]{2,19}/gu) ?? [];
}
