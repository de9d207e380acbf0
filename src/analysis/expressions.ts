import { easeEnd } from '../text/ease.ts';
import { readForm } from '../text/form-reader.ts';
import { continuedForm } from '../text/inflection.ts';
import { isMadeNoun } from '../text/made-nouns.ts';
import { isNegator } from '../text/negators.ts';
import type { Token } from '../text/tokenizer.ts';
import { builtExpression } from './built-expressions.ts';
import type { Expression, Uncounted } from './expression.ts';
import { denied, withEase } from './expression-of-ease.ts';
import type { Lexicon, LexiconEntry } from './lexicon.ts';
import type { PhraseMatch } from './phrase-matcher.ts';
import { readStructure, type SentenceStructure } from './sentence-structure.ts';

/** The expressions and cues of a sentence, in order, with its structure. */
export interface ReadSentence {
  readonly structure: SentenceStructure;
  readonly expressions: readonly Expression[];
  readonly cues: readonly PhraseMatch<LexiconEntry>[];
}

/** Finds what judges something in a sentence. Time is linear in its length. */
export function readExpressions(tokens: readonly Token[], { matcher }: Lexicon): ReadSentence {
  const matches: PhraseMatch<LexiconEntry>[] = [];
  const cues: PhraseMatch<LexiconEntry>[] = [];
  const starts = new Set<number>();
  for (const match of matcher.find(tokens)) {
    if (match.values.every(({ cue }) => cue)) cues.push(match);
    else if (!isPartOfNoun(tokens, match) && !isOnlyAction(tokens, match)) {
      matches.push(match);
      if (/^(?:名詞|接頭詞)$/.test(tokens[match.first]?.partOfSpeech ?? '')) starts.add(match.first);
    }
  }
  const structure = readStructure(tokens, starts);
  const taken = new Set<number>();
  const expressions = matches.map((match) => {
    const expression = counted(tokens, fromMatch(structure, match));
    for (let index = expression.first; index < expression.form.wordEnd; index += 1) taken.add(index);
    return expression;
  });
  for (const phrase of structure.phrases.keys()) {
    const expression = builtExpression(structure, phrase, taken);
    if (expression !== undefined) expressions.push(counted(tokens, expression));
  }
  expressions.sort((a, b) => a.first - b.first);
  return { structure, cues, expressions: expressions.filter((each, index) => !isWithin(each, expressions[index - 1])) };
}

function counted(tokens: readonly Token[], expression: Uncounted): Expression {
  const { end, form } = expression;
  return { ...expression, denials: tokens.slice(end, form.end).filter(isNegator).length };
}

/** The いい of 安ければいい and the 期待 of なることを期待する belong to the wish before. */
function isWithin({ first, lemma }: Expression, before: Expression | undefined): boolean {
  if (before === undefined || first >= before.form.end) return false;
  // 納得|は|できない denies the 納得.
  if (first < before.form.wordEnd && /^(?:できる|出来る)$/.test(lemma)) return true;
  return before.form.modality !== 'stated' || before.form.emphatic;
}

/** 満足|度 and 最高|品質 judge nothing by themselves, nor does the 速 of 速さ. */
function isPartOfNoun(tokens: readonly Token[], { first, end, text }: PhraseMatch<unknown>): boolean {
  const last = tokens[end - 1];
  const next = tokens[end];
  const before = tokens[first - 1];
  if (before?.partOfSpeech === '接頭詞' && /^[不無非未]$/.test(before.surface)) return true;
  // 機種|変
  if (
    end - first === 1 &&
    last?.surface.length === 1 &&
    last.partOfSpeech === '名詞' &&
    before?.partOfSpeech === '名詞'
  ) {
    return before.detail !== '副詞可能' && before.detail !== '代名詞';
  }
  // 十分|遊べる tells how well, not that it is good.
  if (/^(?:十分|充分)$/.test(text) && (next?.partOfSpeech === '動詞' || next?.partOfSpeech === '形容詞')) return true;
  // ゴミの収集日, ゴミ捨て場: no word of abuse unless something is called so.
  if (
    /^(?:ゴミ|ごみ)$/.test(text) &&
    next !== undefined &&
    !/^(?:助動詞|記号)$/.test(next.partOfSpeech) &&
    next.detail !== '終助詞'
  )
    return true;
  // 幸い、けがはなかった
  if (
    text === '幸い' &&
    next !== undefined &&
    /^(?:名詞|副詞)$|^記号$/.test(next.partOfSpeech) &&
    next.surface !== '。'
  )
    return true;
  if (text === 'なかなか' && next !== undefined && !/^(?:助動詞|記号)$/.test(next.partOfSpeech)) return true;
  // 使え|なくなる and ログイン|できる are forms of the word before.
  if (/^(?:なくなる|無くなる)$/.test(text) && before?.partOfSpeech === '動詞') return true;
  if (end - first === 1 && /^(?:できる|出来る)$/.test(last?.lemma ?? '') && before?.partOfSpeech === '名詞')
    return true;
  if (end - first === 1 && isMadeNoun(tokens, first)) return true;
  if (last === undefined || next?.partOfSpeech !== '名詞') return false;
  if (last.partOfSpeech === '形容詞' && last.conjugation === 'ガル接続') return next.surface === 'さ';
  if (last.partOfSpeech !== '名詞' || next.detail === '非自立' || next.detail === '副詞可能') return false;
  return next.detail !== '接尾' || !/^(?:そう|すぎ|過ぎ|気味|げ|っぽい)$/.test(next.surface);
}

/** 返品 and 説明 judge only where they are denied, and not where they are only named. */
function isOnlyAction(tokens: readonly Token[], { end, values }: PhraseMatch<LexiconEntry>): boolean {
  const last = tokens[end - 1];
  if (last?.partOfSpeech !== '名詞' || values.some(({ polarity }) => polarity !== 0)) return false;
  const next = tokens[end];
  if (/^(?:できる|出来る)$/.test(next?.lemma ?? '')) return true;
  if (next?.partOfSpeech === '動詞') return !readForm(tokens, end).negated;
  return readForm(tokens, end).modality !== 'wished';
}

function fromMatch(structure: SentenceStructure, match: PhraseMatch<LexiconEntry>): Uncounted {
  const { tokens } = structure;
  const ease = easeEnd(tokens, match.end);
  const entries = match.values;
  if (ease !== undefined && ease > match.end) return withEase(structure, match.first, ease, entries);
  const form = readForm(tokens, match.end);
  const last = tokens[match.end - 1];
  const phrase = structure.phraseOf[match.end - 1] ?? 0;
  const lastPhrase = structure.phraseOf[form.wordEnd - 1] ?? phrase;
  if (form.excessive && last !== undefined) {
    const stem = match.text.slice(0, match.text.length - last.lemma.length) + continuedForm(last);
    const praise = entries.find(({ of, polarity }) => of === undefined && polarity >= 0.5)?.polarity;
    return {
      ...{ first: match.first, end: match.end, phrase, lastPhrase, form, entries: [] },
      ...{ lemma: `${stem}すぎる`, base: match.text, deniedBase: `${stem}すぎない` },
      built: praise ?? -0.6,
    };
  }
  const deniedBase = denied(match.text, last, tokens[match.end]);
  return {
    ...{ first: match.first, end: match.end, phrase, lastPhrase, form, entries },
    ...{ lemma: match.text, base: match.text, deniedBase },
  };
}
