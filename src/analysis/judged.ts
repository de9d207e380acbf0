import type { Opinion } from '../domain/analysis.ts';
import { tellsEase } from '../text/ease.ts';
import type { PredicateForm } from '../text/predicate-form.ts';
import type { Token } from '../text/tokenizer.ts';
import { canonicalTarget } from './canonical.ts';
import { intensityBefore } from './degree.ts';
import type { Expression } from './expression.ts';
import { type ReadSentence, readExpressions } from './expressions.ts';
import { formOf } from './judged-form.ts';
import { entryFor, type Lexicon, type LexiconEntry, polarityOf } from './lexicon.ts';
import { findTargets, takesCause } from './opinion-targets.ts';
import type { PhraseMatch } from './phrase-matcher.ts';
import type { Target } from './target-nouns.ts';

/** An expression with what it judges and how. */
export interface Judgement {
  readonly expression: Expression;
  readonly target: Target | undefined;
  /** Form of the expression, or of the verb that it is an adverb of. */
  readonly form: PredicateForm;
  readonly intensity: Opinion['intensity'];
  /** From -1 to 1, as far as lexicon and form tell; 0 for what is only wished, supposed or asked. */
  readonly polarity: number;
  /** Whether anything judges at all: a wish for 大きい画面 does, 大きい画面 does not. */
  readonly evaluates: boolean;
}

/** The judgements and cues of a sentence. */
export interface JudgedSentence {
  readonly judgements: readonly Judgement[];
  readonly cues: readonly PhraseMatch<LexiconEntry>[];
}

/** What a sentence judges, by lexicon and grammar alone. Time is linear in its length. */
export function judge(tokens: readonly Token[], lexicon: Lexicon): JudgedSentence {
  const read = readExpressions(tokens, lexicon);
  const quoted = quotedTokens(tokens);
  const targets = findTargets(read.structure, read.expressions);
  const judgements = read.expressions.flatMap((expression, index) => {
    if (quoted.has(expression.first) || expression.form.reported || grantsWish(read, expression)) return [];
    if (isRegret(read, expression)) return [];
    const form = formOf(read, expression);
    const found: readonly (Target | undefined)[] = targets[index]?.length ? (targets[index] ?? []) : [undefined];
    return found.map((target): Judgement => toJudgement(tokens, expression, target, form, lexicon));
  });
  const judging = judgements.filter(({ evaluates }) => evaluates);
  const own = judging.filter(({ expression }) => !isOnlyNamed(read, expression, judging));
  return { judgements: own, cues: read.cues };
}

function toJudgement(
  tokens: readonly Token[],
  expression: Expression,
  target: Target | undefined,
  form: PredicateForm,
  lexicon: Lexicon,
): Judgement {
  const names = target === undefined ? [] : [target.lemma, canonicalTarget(target.lemma, lexicon.synonyms)];
  const entry = entryFor(expression.entries, names);
  const value = polarityIn(expression, form, entry, target, lexicon);
  // Whoever wants to recommend it praises it.
  const recommends =
    form.modality === 'wished' &&
    /^(?:お?(?:すすめ|勧め|薦め)|オススメ|勧める|薦める|紹介|自慢)/.test(expression.lemma);
  const hypothetical = form.modality !== 'stated' && !form.asserts && !form.contrary && !(recommends && form.holds);
  const before = intensityBefore(tokens, expression.first);
  const intensity = form.excessive || form.emphatic ? 'strong' : before;
  return {
    ...{ expression, target, form, intensity },
    polarity: hypothetical ? 0 : value,
    evaluates: value !== 0 || (hypothetical && mayJudge(expression)),
  };
}

/** Whether it would judge if it were stated: 大きい of a wish for something larger, 届く of 届かないと困る. */
function mayJudge({ entries, built, denials }: Expression): boolean {
  if (built !== undefined) return true;
  if (entries.some(({ polarity, denied }) => polarity !== 0 || denied === undefined)) return true;
  return entries.length > 0 && denials > 0;
}

/** What only its absence is told of is told to be there after all: 読めなくはない. */
function affirmedByDenial(entry: LexiconEntry, { denials }: Expression, form: PredicateForm): number {
  return form.holds && denials > 0 && (entry.denied ?? 0) < 0 ? 0.3 : 0;
}

/** Nouns whose number or amount is told are good or bad by themselves: 間違いが多い, ストレスが少ない. */
const amounts: Readonly<Record<string, number>> = {
  多い: 1,
  増える: 1,
  少ない: -1,
  減る: -1,
  なくなる: -1,
  無くなる: -1,
  消える: -1,
};

function polarityIn(
  expression: Expression,
  form: PredicateForm,
  entry: LexiconEntry | undefined,
  target: Target | undefined,
  lexicon: Lexicon,
): number {
  const amount = amounts[expression.base];
  if (amount !== undefined && target !== undefined) {
    const noun = lexicon.polarityOfNoun(target.lemma);
    if (noun !== 0) return Math.sign(noun) * amount * 0.5 * (form.holds ? 1 : -1);
  }
  // What others recommended is no praise of one's own: 友人に勧められて.
  if (form.passive && form.holds && /^(?:勧める|すすめる|薦める)$/.test(expression.base)) return 0;
  if (entry !== undefined) {
    const polarity = polarityOf(entry, form.holds) || affirmedByDenial(entry, expression, form);
    const aspect = target?.aspect;
    if (aspect === undefined || !entry.feeling || Math.abs(polarity) > 0.3) return polarity;
    // Surprise is as good as what surprises: 値段の高さに驚いた.
    const quality = entryFor(lexicon.entriesOf(aspect), target === undefined ? [] : [target.lemma]);
    return quality === undefined ? polarity : quality.polarity;
  }
  // What is built for a form already tells of its negation: 読めない, 〜てくれない.
  if (expression.built === undefined) return 0;
  if (isOfForm(expression)) return expression.built;
  const happens = target !== undefined && befalls(expression, lexicon.polarityOfNoun(target.lemma));
  return expression.built * (form.holds ? 1 : -0.8) * (happens ? -1 : 1);
}

/** Bad things that come easily are bad, and good that come hardly: カビが生えやすい, 汚れが付きにくい; not 汚れが落ちやすい. */
function befalls({ lemma }: Expression, noun: number): boolean {
  return (
    noun < 0 &&
    tellsEase(lemma) &&
    !/^(?:落ち|落とし|取れ|取り|消え|消し|直し|治り|防ぎ|見つけ|気づき|減り|減らし)/.test(lemma)
  );
}

/** Whether `built` is the polarity of the denied form itself, and not of a word that may be denied. */
function isOfForm({ built, lemma, form }: Expression): boolean {
  return built !== undefined && !form.excessive && !tellsEase(lemma);
}

/**
 * A noun that only names what another expression judges (水漏れがひどい, 気遣いに感動) or that a verb looks after
 * (問題を解決する) is no judgement of its own, nor is a favour that an adverb judges (丁寧に教えてくれた).
 */
function isOnlyNamed({ structure }: ReadSentence, expression: Expression, judging: readonly Judgement[]): boolean {
  const { phrases, heads, dependents, tokens } = structure;
  const phrase = phrases[expression.phrase];
  if (phrase === undefined) return false;
  const others = judging.filter((other) => other.expression !== expression);
  if (phrase.kind === 'verb' && expression.built !== undefined && expression.form.favour) {
    return others.some(
      (other) => other.form !== other.expression.form && heads[other.expression.phrase] === expression.phrase,
    );
  }
  // ゴミの分別が面倒: a thing and not a quality, although の may be read as である.
  if (phrase.kind === 'noun' && phrase.role === 'adnominal' && expression.form.joint === 'adnominal') {
    const noun = tokens[expression.end - 1];
    const named =
      tokens[expression.end]?.surface === 'の' &&
      expression.entries.some(({ polarity }) => polarity < 0) &&
      /^(?:一般|サ変接続)$/.test(noun?.detail ?? '');
    const modified = phrases[heads[expression.phrase] ?? -1]?.first;
    if (
      named &&
      others.some(
        ({ target, polarity, expression: other }) =>
          polarity !== 0 && other.first > expression.end && target?.first === modified,
      )
    )
      return true;
  }
  // 満足とは程遠い goes on beyond its phrase.
  if (phrase.kind !== 'noun' || phrase.form !== undefined || expression.phrase !== expression.lastPhrase) return false;
  const head = heads[expression.phrase] ?? -1;
  const judged = others.some(({ expression: other }) => other.phrase === head || other.lastPhrase === head);
  if (tokens[phrase.contentEnd]?.surface === 'に') {
    return judged && others.some(({ expression: other }) => other.phrase === head && takesCause(other));
  }
  if (expression.form.joint !== 'argument' && expression.form.joint !== 'adnominal') return false;
  if (phrase.role === 'object' || phrase.role === 'oblique' || phrase.role === 'coordinate') return true;
  // ゴミの分別が面倒: what is judged is the 分別.
  const owned = phrase.role === 'possessive' ? (heads[head] ?? -1) : -1;
  if (others.some(({ expression: other }) => owned !== -1 && (other.phrase === owned || other.lastPhrase === owned)))
    return true;
  if (phrase.role === 'possessive' && expression.entries.every(({ of }) => of === undefined)) {
    return (dependents[expression.phrase] ?? []).some((each) => phrases[each]?.role === 'possessive');
  }
  return judged;
}

/** The 嬉しい of 色を選べると嬉しい says nothing but that it is wished for. */
function grantsWish({ structure }: ReadSentence, { phrase, first }: Expression): boolean {
  const own = structure.phrases[phrase];
  // 安く|なれば|いい is one phrase.
  if (own?.form?.modality === 'wished' && first >= own.contentEnd) return true;
  return (structure.dependents[phrase] ?? []).some((each) => {
    const form = structure.phrases[each]?.form;
    return form?.joint === 'condition' && form.modality === 'wished';
  });
}

/** もっと早く買えばよかった says nothing of how fast anything is. */
function isRegret(
  { structure: { phrases, heads, tokens } }: ReadSentence,
  { phrase, base, form }: Expression,
): boolean {
  if (form.joint !== 'adverbial' || !/^(?:早い|速い|はやい)$/.test(base)) return false;
  const verb = phrases[heads[phrase] ?? -1];
  const lemma = tokens[(verb?.contentEnd ?? 0) - 1]?.lemma ?? '';
  return (
    verb?.form?.contrary === true &&
    /^(?:買う|使う|知る|来る|行く|頼む|始める|出会う|通う|購入|利用|導入|契約|入会|変える|替える)$/.test(lemma)
  );
}

/** Tokens within 「」 whose words somebody else said: 「安い」と言われた. */
function quotedTokens(tokens: readonly Token[]): ReadonlySet<number> {
  const quoted = new Set<number>();
  let opened = -1;
  for (const [index, { surface }] of tokens.entries()) {
    if (surface === '「' || surface === '『') opened = index;
    if ((surface === '」' || surface === '』') && opened >= 0) {
      const next = tokens[index + 1]?.surface;
      if (next === 'と' || next === 'って' || next === 'との' || next === 'という') {
        for (let inside = opened; inside < index; inside += 1) quoted.add(inside);
      }
      opened = -1;
    }
  }
  return quoted;
}
