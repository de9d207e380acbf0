import type { FlagScore, Severity } from '../domain/analysis.ts';
import type { Span } from '../domain/span.ts';
import { readForm } from '../text/form-reader.ts';
import type { Token } from '../text/tokenizer.ts';
import { isContrast } from './contrast.ts';
import { type Phrase, PhraseMatcher } from './phrase-matcher.ts';
import type { PreparedSentence } from './prepared-text.ts';
import { spanOf } from './token-span.ts';
import type { TriagePolicy, TriageRule } from './triage-policy.ts';

/** What triage finds in one sentence. */
export interface TriagedSentence {
  /** One for each place where a rule's words stand. */
  readonly flags: readonly FlagScore[];
  /** Kinds whose words are there but mean nothing: 異物は入っていなかった. */
  readonly ruledOut: ReadonlySet<FlagScore['id']>;
}

/** Reads a sentence by a policy; time is linear in its length. */
export type Triage = (sentence: Pick<PreparedSentence, 'tokens'>) => TriagedSentence;

/** Rules say so by their words; how often they are right is for the company's own examples to show. */
const confidence = 0.85;
/** How many words may stand between the two parts of `A..B`. */
const widest = 8;

interface Word {
  readonly rule: TriageRule;
  /** Place of the word in the rule, and which part of it: 0 and 1 for `A..B`, undefined for a word of one part. */
  readonly word: number;
  readonly part?: 0 | 1;
}

interface Match {
  readonly rule: TriageRule;
  readonly first: number;
  readonly end: number;
}

/** Makes the reader of a policy. */
export function createTriage({ rules }: Pick<TriagePolicy, 'rules'>): Triage {
  const matcher = new PhraseMatcher(rules.flatMap(phrasesOf));
  const near = new PhraseMatcher(rules.flatMap((rule) => plain(rule, rule.near ?? [])));
  const unless = new PhraseMatcher(rules.flatMap((rule) => plain(rule, rule.unless ?? [])));

  return ({ tokens }) => {
    const matches = joinParts(matcher.find(tokens));
    if (matches.length === 0) return nothing;
    const nearby = new Set(near.find(tokens).flatMap(({ values }) => values));
    const otherwise = new Set(unless.find(tokens).flatMap(({ values }) => values));
    const meant = matches.filter(({ rule }) => !otherwise.has(rule) && (rule.near === undefined || nearby.has(rule)));
    return toFlags(tokens, meant);
  };
}

const nothing: TriagedSentence = { flags: [], ruledOut: new Set() };

function phrasesOf(rule: TriageRule): Phrase<Word>[] {
  return rule.words.flatMap((text, word): Phrase<Word>[] => {
    const [head = '', tail] = text.split('..');
    if (tail === undefined) return [{ text, value: { rule, word } }];
    return [
      { text: head, value: { rule, word, part: 0 } },
      { text: tail, value: { rule, word, part: 1 } },
    ];
  });
}

function plain(rule: TriageRule, texts: readonly string[]): Phrase<TriageRule>[] {
  return texts.map((text) => ({ text, value: rule }));
}

/** Words of one part as they are, those of two parts where the second follows the first closely enough. */
function joinParts(found: ReturnType<PhraseMatcher<Word>['find']>): Match[] {
  const matches: Match[] = [];
  const opened = new Map<string, number[]>();
  for (const { first, end, values } of found) {
    const seen = new Set<TriageRule>();
    for (const { rule, word, part } of values) {
      const key = `${rule.id} ${word}`;
      if (part === undefined && !seen.has(rule)) matches.push({ rule, first, end });
      if (part === undefined) seen.add(rule);
      if (part === 0) opened.set(key, [first, end]);
      const [start, from] = opened.get(key) ?? [];
      if (part === 1 && start !== undefined && from !== undefined && first - from <= widest) {
        matches.push({ rule, first: start, end });
      }
    }
  }
  return matches;
}

/** What a rule's words mean where they stand. */
type Standing = 'stated' | 'denied' | 'supposed';

function toFlags(tokens: readonly Token[], matches: readonly Match[]): TriagedSentence {
  const raised: FlagScore[] = [];
  const ruledOut = new Set<FlagScore['id']>();
  for (const { rule, first, end } of matches) {
    const standing = standingOf(tokens, end);
    const severity = severityOf(rule, standing);
    if (severity === 'none') ruledOut.add(rule.flag);
    else raised.push(toFlag(rule, severity, standing, spanOf(tokens, first, end)));
  }
  for (const { id } of raised) ruledOut.delete(id);
  return { flags: raised, ruledOut };
}

function severityOf(rule: TriageRule, standing: Standing): Severity | 'none' | undefined {
  if (standing === 'denied' && rule.whenDenied !== undefined) return rule.whenDenied;
  if (standing === 'supposed' && rule.whenSupposed !== undefined) return rule.whenSupposed;
  return rule.severity;
}

function toFlag(rule: TriageRule, severity: Severity | undefined, standing: Standing, span: Span): FlagScore {
  // The clock runs for what happened.
  const deadlines = standing === 'stated' ? rule.deadlines?.map(({ report, days }) => ({ report, days })) : undefined;
  return {
    id: rule.flag,
    confidence,
    spans: [span],
    reason: rule.reason,
    ...(severity !== undefined && { severity }),
    ...(deadlines !== undefined && { deadlines }),
  };
}

/** Feared, nearly so, or asked: しそう, かと思うほど, ところだった, かもしれない, ないか心配. */
const supposed =
  /^[^。、!?]{0,8}?(?:(?<![ただるい])そう(?:で|に|だ|な|$)|か(?:と思|もしれ|も(?:$|と)|と心配|と怖)|(?:恐|おそ)れ|危険性?(?:が|も)|可能性|(?:とこ|ところ)(?:だっ|でし)|ほど|くらい|ぐらい|(?:ない)?か(?:と|が|どうか)?(?:、)?(?:心配|不安|怖|ヒヤ|ひや)|(?:たら|れば|ると)(?:どう|大変|怖|困|危)|のでは(?:ない|$))/;
/** 土下座しろとまでは言わない. */
const notAsked = /^[^。、!?]{0,8}とまでは(?:言|い|思)/;
const wordsAfter = 14;

function standingOf(tokens: readonly Token[], end: number): Standing {
  const after = tokens.slice(end, end + wordsAfter).map(({ surface }) => surface);
  if (supposed.test(after.join(''))) return 'supposed';
  if (notAsked.test(after.join(''))) return 'denied';
  const form = readForm(tokens, end);
  if (form.modality === 'stated' && !form.holds) return 'denied';
  const predicate = form.joint === 'adnominal' ? nounAfter(tokens, form.end) : predicateAfter(tokens, end);
  if (predicate !== undefined && !readForm(tokens, predicate).holds) return 'denied';
  return form.modality === 'conditional' && !form.asserts ? 'supposed' : 'stated';
}

/** The token after the noun that a word modifies: 面倒な|設定|も|なく. */
function nounAfter(tokens: readonly Token[], from: number): number | undefined {
  const index = tokens.findIndex(({ partOfSpeech }, at) => at >= from && partOfSpeech === '名詞');
  return index < 0 || index > from + 1 ? undefined : index + 1;
}

/** How many words after a noun its predicate may stand. */
const predicateReach = 6;

/** The token after the predicate that says what became of a noun: 異物|は|入っ|て|い|ない. */
function predicateAfter(tokens: readonly Token[], end: number): number | undefined {
  const last = tokens[end - 1];
  if (last === undefined || (last.partOfSpeech !== '名詞' && last.partOfSpeech !== '助詞')) return undefined;
  for (let index = end; index < Math.min(tokens.length, end + predicateReach); index += 1) {
    const token = tokens[index];
    if (token === undefined || token.partOfSpeech === '記号' || isContrast(token)) return undefined;
    if (token.partOfSpeech === '動詞' && token.detail === '自立') return index + 1;
    if (token.partOfSpeech === '名詞' && tokens[index + 1]?.lemma === 'する') return index + 2;
  }
  return undefined;
}
