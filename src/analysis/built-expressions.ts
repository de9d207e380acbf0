import { easeEnd } from '../text/ease.ts';
import { superlatives } from '../text/form-reader.ts';
import { continuedForm, deniedForm } from '../text/inflection.ts';
import { isNegator } from '../text/negators.ts';
import type { PredicateForm } from '../text/predicate-form.ts';
import type { Token } from '../text/tokenizer.ts';
import type { Uncounted } from './expression.ts';
import { withEase } from './expression-of-ease.ts';
import type { SentenceStructure } from './sentence-structure.ts';

/** Polarity of また来たい, which is wished for but says that it was good. */
const returning = 0.7;

/** What one was made to do: 待た|さ|れる, 電話|さ|せ|られる. */
const unwilling = /[わかがさたなばまら]す$/;
const willing = /^(?:動かす|驚かす|生かす|活かす|減らす|知らす|済ます)$/;

/** An expression that the lexicon does not hold but whose form judges. */
export function builtExpression(
  structure: SentenceStructure,
  phrase: number,
  taken: ReadonlySet<number>,
): Uncounted | undefined {
  const { tokens, phrases } = structure;
  const { first, contentEnd, kind, form } = phrases[phrase] ?? {};
  if (first === undefined || contentEnd === undefined || form === undefined || taken.has(contentEnd - 1)) {
    return undefined;
  }
  const ease = easeEnd(tokens, contentEnd);
  if (ease !== undefined) return withEase(structure, first, ease, []);
  const built = polarityByForm(structure, phrase, form);
  if (built === undefined) return undefined;
  const words = tokens.slice(first, contentEnd);
  const last = words.at(-1);
  if (last === undefined) return undefined;
  const prefix = words
    .slice(0, -1)
    .map(({ surface }) => surface)
    .join('');
  const able =
    kind === 'verb' && last.partOfSpeech === '名詞' && /^(?:できる|出来る)$/.test(tokens[contentEnd]?.lemma ?? '');
  const plain = able ? `${prefix}${last.surface}できる` : prefix + spoken(last, tokens[contentEnd]);
  const lemma = form.excessive ? `${prefix}${continuedForm(last)}すぎる` : plain;
  if (/^(?:ある|ござる)$/.test(last.lemma) && form.negated) {
    return {
      ...{ first, end: contentEnd, phrase, lastPhrase: phrase, entries: [], lemma: 'ない', base: 'ない', built },
      ...{ deniedBase: 'ない', form: { ...form, negated: false } },
    };
  }
  return {
    ...{ first, end: contentEnd, phrase, lastPhrase: phrase, entries: [], lemma, base: prefix + last.lemma },
    form: built === returning ? { ...form, asserts: true } : form,
    deniedBase: able ? `${prefix}${last.surface}できない` : prefix + deniedVerb(last, tokens[contentEnd]),
    built,
    ...(able && { base: plain }),
  };
}

/** Dictionary form with the voice that makes another word of it: 食べ|られる, 並ば|さ|れる. */
function spoken(last: Token, next: Token | undefined): string {
  if (next?.lemma === 'られる') return continuedForm(last) + next.lemma;
  if (next?.lemma === 'す') return `${last.surface}される`;
  if (next?.lemma === 'れる' && unwilling.test(last.lemma)) return `${last.lemma.slice(0, -1)}される`;
  return last.lemma;
}

function deniedVerb(last: Token, next: Token | undefined): string {
  if (next?.lemma === 'られる') return `${continuedForm(last)}られない`;
  return last.partOfSpeech === '名詞' ? `${last.lemma}しない` : deniedForm(last);
}

function polarityByForm(structure: SentenceStructure, phrase: number, form: PredicateForm): number | undefined {
  const { tokens, phrases } = structure;
  const { contentEnd, kind } = phrases[phrase] ?? {};
  if (contentEnd === undefined) return undefined;
  const last = tokens[contentEnd - 1];
  const next = tokens[contentEnd];
  if (last === undefined) return undefined;
  if (form.excessive) return -0.6;
  if (kind === 'adjective' && isNegator(last)) return absence(structure, phrase);
  if (kind !== 'verb') return undefined;
  if (form.passive && form.causative) return -0.5;
  if (isUnwilling(tokens, contentEnd)) return -0.5;
  if (form.passive && unwilling.test(last.lemma) && !willing.test(last.lemma) && next?.lemma === 'れる') return -0.5;
  if (last.lemma === 'ある' || last.lemma === 'ござる') {
    // 種類があればいいのに
    return form.negated || form.modality === 'wished' ? absence(structure, phrase) : undefined;
  }
  if (isReturn(structure, phrase, form)) return returning;
  if (isFarewell(structure, phrase, form)) return -0.9;
  // 行きたくない, 使いたくない
  if (next?.lemma === 'たい' && form.negated && form.modality === 'stated' && custom.test(last.lemma)) return -0.6;
  if (form.favour) return form.modality === 'stated' || form.negated ? (form.holds ? 0.45 : -0.6) : undefined;
  const able = /^(?:できる|出来る)$/.test(next?.lemma ?? '') || next?.lemma === 'られる';
  if (form.negated && (able || (form.passive && last.partOfSpeech === '名詞'))) return -0.6;
  return form.negated && form.modality === 'stated' && failsToHappen(structure, phrase, last) ? -0.4 : undefined;
}

/** 並ば|さ|れる. */
function isUnwilling(tokens: readonly Token[], end: number): boolean {
  return tokens[end]?.lemma === 'す' && tokens[end]?.detail === '接尾' && tokens[end + 1]?.lemma === 'れる';
}

/** Things that do not do what they should: お湯が沸かない. People and what one decides oneself have no が there. */
function failsToHappen({ phrases, dependents, tokens }: SentenceStructure, phrase: number, verb: Token): boolean {
  if (/^(?:見当たる|見あたる|変わる|する|なる|いる|言う|思う|行う|要る|いらない)$/.test(verb.lemma)) return false;
  return (dependents[phrase] ?? []).some((each) => {
    const subject = phrases[each];
    const noun = subject === undefined ? undefined : tokens[subject.contentEnd - 1];
    return (
      subject?.role === 'subject' && subject.kind === 'noun' && /^(?:一般|サ変接続|接尾)$/.test(noun?.detail ?? '')
    );
  });
}

const nothingMissed =
  /^(?:予約|こと|必要|つもり|時間|予定|興味|経験|覚え|記憶|用事|意図|特|他|以外|気|訳|わけ|何|なに|はず|最近|今|例外|関係|文字|暇|差|今後)$/;

/** ある and ない: what is not there is missed, unless it is nothing one would miss. */
function absence({ tokens, phrases, dependents }: SentenceStructure, phrase: number): number | undefined {
  const start = phrases[Math.max(0, phrase - 4)]?.first ?? 0;
  const before = tokens.slice(start, phrases[phrase]?.first);
  if (superlatives.test(before.map(({ surface }) => surface).join(''))) return undefined;
  const missed = dependents[phrase]?.some((each) => {
    const noun = phrases[each];
    if (noun?.kind !== 'noun' || !['subject', 'topic', 'also', 'bare', 'possessive'].includes(noun.role)) return false;
    const last = tokens[noun.contentEnd - 1];
    return (
      last !== undefined && !nothingMissed.test(last.lemma) && last.detail !== '代名詞' && last.detail !== '副詞可能'
    );
  });
  return missed ? -0.5 : undefined;
}

const custom =
  /^(?:利用|使う|行く|来る|買う|購入|注文|頼む|泊まる|宿泊|食べる|飲む|伺う|訪れる|訪問|お願い|通う|リピート|リピ|続ける|継続|寄る|予約|参加|遊ぶ|乗る|着る|契約|来店|来訪|来館|お世話|立ち寄る|使わせる|見る|観る|選ぶ|申し込む|応援|相談|指名|食す|味わう|うかがう|お邪魔|購読|視聴)$/;
const again = /^(?:また|ぜひ|是非|次も|今後|これから|再び|何度|絶対|必ず|ずっと|次回|一生|再度|もう一度)$/;
const never = /^(?:二度と|もう|一生|絶対|絶対に|金輪際|今後|二度|もはや)$/;

/** また利用したい, 今後も使います. */
function isReturn(structure: SentenceStructure, phrase: number, form: PredicateForm): boolean {
  if (form.negated || form.tense === 'past' || form.favour) return false;
  const verb = structure.phrases[phrase];
  const last = structure.tokens[(verb?.contentEnd ?? 0) - 1];
  if (verb === undefined || last === undefined || !custom.test(last.lemma)) return false;
  if (form.modality !== 'wished' && verb.role !== 'clause') return false;
  return nearAdverb(structure, phrase, again);
}

/** もう買いません, 二度と行かない. */
function isFarewell(structure: SentenceStructure, phrase: number, form: PredicateForm): boolean {
  if (!form.negated || form.modality !== 'stated') return false;
  const verb = structure.phrases[phrase];
  const last = structure.tokens[(verb?.contentEnd ?? 0) - 1];
  if (verb === undefined || last === undefined || !custom.test(last.lemma)) return false;
  return nearAdverb(structure, phrase, never);
}

function nearAdverb({ tokens, phrases }: SentenceStructure, phrase: number, words: RegExp): boolean {
  for (let index = phrase - 1; index >= Math.max(0, phrase - 3); index -= 1) {
    const each = phrases[index];
    if (each === undefined || (each.role === 'clause' && each.form !== undefined)) return false;
    if (words.test(tokens[each.first]?.lemma ?? '')) return true;
  }
  return false;
}
