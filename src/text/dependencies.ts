import type { Bunsetsu } from './bunsetsu.ts';
import type { Token } from './tokenizer.ts';

/** Sentences depend on nothing. */
export const root = -1;

/**
 * For each bunsetsu the index of the one it depends on, always a later one (Japanese is head-final), or {@link root}.
 * Rules: a noun with の and an adnominal predicate go to the next noun; a case goes to the next predicate; は and も
 * go over adnominal predicates; an adverb goes to the next predicate; a clause goes to the next clause. Time is linear.
 */
export function dependencies(phrases: readonly Bunsetsu[], tokens: readonly Token[]): number[] {
  const heads = new Array<number>(phrases.length).fill(root);
  let noun = root;
  let predicate = root;
  let clause = root;
  for (let index = phrases.length - 1; index >= 0; index -= 1) {
    const phrase = phrases[index];
    if (phrase === undefined) continue;
    heads[index] = headOf(phrase, index, { phrases, heads, tokens, noun, predicate, clause });
    if (phrase.kind === 'noun' && phrase.role !== 'adnominal' && phrase.role !== 'adverb') noun = index;
    if (phrase.form !== undefined || phrase.kind === 'verb' || phrase.kind === 'adjective') {
      // 利回りが思ったほど良くない: a measure has no arguments of the clause it measures for.
      if (phrase.form?.reported === true && phrase.role === 'adnominal') continue;
      predicate = index;
      if (phrase.role !== 'adnominal' && phrase.role !== 'adverb') clause = index;
    }
  }
  return heads;
}

interface Following {
  readonly phrases: readonly Bunsetsu[];
  readonly heads: readonly number[];
  readonly tokens: readonly Token[];
  /** The nearest of each after the phrase in hand. */
  readonly noun: number;
  readonly predicate: number;
  readonly clause: number;
}

function headOf({ role, comma, form }: Bunsetsu, index: number, following: Following): number {
  const { phrases, noun, predicate, clause } = following;
  const next = phrases[index + 1];
  const continues = form?.joint === 'continues' && !comma;
  switch (role) {
    case 'adnominal':
      return noun === root ? clause : noun;
    case 'possessive':
      if (next?.role === 'adnominal' && !describesAction(index + 1, following)) return index + 1;
      return noun === root ? predicate : noun;
    case 'coordinate':
      return next?.kind === 'noun' && next.form === undefined ? index + 1 : predicate;
    case 'topic':
    case 'also':
      return clause;
    case 'clause':
      // 清潔で広い部屋: both modify the noun.
      return continues && phrases[index + 1]?.role === 'adnominal' ? index + 1 : clause;
    case 'bare':
      if (comma) return next?.kind === 'noun' && next.form === undefined ? index + 1 : clause;
      return caseHead(index, following);
    case 'adverb':
      return predicate;
    default:
      return caseHead(index, following);
  }
}

/** A case belongs to the nearest predicate, but スタッフが丁寧な対応をした tells what the staff did. */
function caseHead(index: number, following: Following): number {
  const { phrases, predicate, clause } = following;
  if (phrases[predicate]?.role === 'adnominal' && predicate === index + 1 && describesAction(predicate, following)) {
    // A mere noun phrase tells of no doing: 痛みが少ない治療.
    return clause === root ? predicate : clause;
  }
  return predicate;
}

/** Whether the adnominal adjective at `index` modifies something that is done: 丁寧な|対応. */
function describesAction(index: number, { phrases, heads, tokens }: Following): boolean {
  const head = phrases[heads[index] ?? root];
  const adjective = phrases[index];
  if (head === undefined || adjective === undefined || adjective.kind === 'verb') return false;
  const last = tokens[head.contentEnd - 1];
  return last?.detail === 'サ変接続' || /^(?:態度|接客|サービス|言葉|仕事|もの)$/.test(last?.lemma ?? '');
}
