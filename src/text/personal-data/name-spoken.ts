import type { Span } from '../../domain/span.ts';
import { before } from './detector.ts';
import { anyNameBefore, hiraganaNameBefore, knownNameBefore, latinNameBefore } from './name-before.ts';
import type { NameFinder, NameLookup } from './name-lookup.ts';
import { everydaySurnames, regions } from './not-names.ts';

const introduction =
  /と(?:申し|申す|もうし|もうす)|(?:と言い|といい)ます|という(?:者|方|店員|スタッフ|担当|オペレーター|男性|女性|人|社員|係|名前)/g;

/** What stands between a name and how it is told: 石川さんという方. */
const courtesy = /(?:さん|様|さま|氏|先生)$/;

/** 山田と申します. */
export const introduced: NameFinder = (text, lookup) =>
  Array.from(text.matchAll(introduction)).flatMap(({ index, 0: words }) => {
    const find = /申|もう/.test(words) ? anyNameBefore : knownNameBefore;
    const end = index - (courtesy.exec(before(text, index, 4))?.[0].length ?? 0);
    return one(find(text, end, lookup) ?? latinNameBefore(text, end));
  });

const honorific =
  / ?(?:さん(?!ぽ)|さま|様(?![々子式相態変])|両?氏(?![名族神])|くん|君(?!臨)|ちゃん|先生|殿(?!堂)|(?:副?店|支店|部|課|係|社|院)長|主任|(?:副?校|園|所|局|塾|駅|機|会)長|マネージャー|リーダー|チーフ|コーチ|ドクター|トレーナー|インストラクター|ガイド|教授|教諭|講師|医師|看護師|弁護士|監督|選手|支配人|名義|(?:店|社|係|職|駅)員|宛(?:て|の|に|で))/g;
const afterNothing = /[東西南北新元本前支副]/;

/** 山田様, 山田さん, 山田店長. */
export const addressed: NameFinder = (text, lookup) =>
  Array.from(text.matchAll(honorific)).flatMap(({ index, 0: words }) => {
    const found = nameAddressed(text, index, words, lookup);
    if (found === undefined) return [];
    const name = text.slice(found.start, found.end);
    // 本店長, 新店長, 王様: what may be a surname is part of the word.
    const part =
      name.length === 1 && (/[長任生ーフ義員]$/.test(words) ? afterNothing.test(name) : name + words === '王様');
    return part ? [] : [found];
  });

function nameAddressed(text: string, end: number, words: string, lookup: NameLookup): Span | undefined {
  const honoured = words.trim();
  if (/^(?:様|さま)$/.test(honoured)) {
    // 山田様に is a person, かける様に is not.
    const kana = /^[なにでだ]/.test(text.slice(end + words.length));
    const found = anyNameBefore(text, end, lookup);
    const inKana = found !== undefined && /^[ぁ-んー ]+$/.test(text.slice(found.start, found.end));
    const lone = found !== undefined && isLatinWord(text.slice(found.start, found.end));
    return (kana && inKana) || lone ? undefined : found;
  }
  const known = knownNameBefore(text, end, lookup);
  if (known !== undefined) {
    const name = text.slice(known.start, known.end);
    const isKana = /^[ァ-ヶー]/.test(name);
    // 大阪宛, 大手社員: a place or an everyday word needs more to be a person.
    if (/^宛|員$/.test(honoured) && (isKana || regions.has(name) || everydaySurnames.has(name))) return undefined;
    return isKana && /^(?:くん|君|ちゃん|殿)$/.test(honoured) ? undefined : known;
  }
  if (honoured !== 'さん') return undefined;
  const found = hiraganaNameBefore(text, end, lookup) ?? latinNameBefore(text, end);
  return found === undefined || isLatinWord(text.slice(found.start, found.end)) ? undefined : found;
}

const roman =
  /^(?:(?:[kstnhmyrwgzdbpfj]|ch|sh|ts|ky|ny|hy|my|ry|gy|by)?[aiueo]|n(?![aiueo])|[kstpc](?=[kstpc])){2,10}$/i;

/** A single Latin word before さん is a company as often as a person, unless it reads as Japanese. */
function isLatinWord(name: string): boolean {
  return /^[A-Za-z'-]+$/.test(name) && !roman.test(name);
}

const occasion =
  /(?:^|[。!?\n] ?|(?:お世話になって(?:い|お)ります|お世話になります|こんにちは|こんばんは|はじめまして|初めまして|もしもし|おはようございます|こちら)[、。! ]{0,2}|(?:した|している|しました|頂いた|いただいた|もらった|申し込んだ|(?:会員|予約|注文|契約|在住|担当|号室|お客様|会社[^\s、。]{0,12}|[者員生長]|生まれ|\d(?:号|番地?)?)の)(?=[\p{Script=Han}\p{Script=Katakana}]))([\p{Script=Han}々]{2,6}|[辻榊菅岡乾楠梶畠]|[\p{Script=Katakana}ー]{2,8})(?=です(?:[。、!\n ]|が|けど|$)|でございます)/gmu;
const greeted = /なって|なります|こん|はじめ|初め|もしもし|おはよ|こちら|た$/;

/** お世話になっております、山田です; 先日電話した山田です. */
export const greeting: NameFinder = (text, lookup) =>
  Array.from(text.matchAll(occasion)).flatMap(({ index, 0: words, 1: name = '' }) => {
    const isGreeted = greeted.test(words.slice(0, -name.length));
    const isKatakana = /^[ァ-ヶ]/.test(name);
    const named = isKatakana
      ? isGreeted && name.length >= 3 && lookup.isKatakanaName(name)
      : lookup.isFullName(name) ||
        (lookup.isSurname(name) && !everydaySurnames.has(name) && (isGreeted || !regions.has(name)));
    const end = index + words.length;
    return named ? [{ start: end - name.length, end }] : [];
  });

const title =
  /\b(?:(?:Mr|Ms|Mrs|Dr)\.? ?|Miss |my name is |I am called )([A-Z][A-Za-z'-]{1,20}(?: [A-Z][A-Za-z'-]{1,20})?)/g;

/** Mr. Yamada; My name is Taro Yamada. */
export const titled: NameFinder = (text) =>
  Array.from(text.matchAll(title), ({ index, 0: words, 1: name = '' }) => {
    const end = index + words.length;
    return { start: end - name.length, end };
  });

function one(span: Span | undefined): Span[] {
  return span === undefined ? [] : [span];
}
