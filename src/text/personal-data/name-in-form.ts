import { type NameFinder, type NameLookup, toKatakana } from './name-lookup.ts';
import { everydaySurnames, noName, organisation } from './not-names.ts';

const field =
  /(?:氏名|名前|なまえ|芳名|姓名|フルネーム|フリガナ|ふりがな|契約者名?|名義人?|宛名|受取人|送り主|差出人|代表者|担当者?|担当者名|予約名|予約者|会員名|申込者|購入者|注文者|利用者名?|乗客名?|宿泊者名?|参加者名?|受講者名?|入居者名?|被保険者名?|(?:生徒|児童|園児|選手)名|(?<!\d)\d{7}(?= )|本名|旧姓|世帯主|保護者|患者名)(?:名|様)?(?:は|が)? ?([:→=「]|は|が| |(?=[\p{Script=Katakana}ー]{2,8} [\p{Script=Katakana}ー]{2})) ?/gu;
const entry =
  /[\p{Script=Han}々ヶ]{1,5} [\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}々ー]{1,5}(?![\p{Script=Han}々])|[\p{Script=Han}々ヶ]{1,6}[\p{Script=Hiragana}]{2,4}(?=$|[ \n、。,)」])|[\p{Script=Han}々ヶ]{1,6}|[\p{Script=Katakana}ー]{2,10}(?:[ ・][\p{Script=Katakana}ー]{2,10})?|[\p{Script=Hiragana}]{2,6} [\p{Script=Hiragana}]{2,6}|[A-Z][A-Za-z'-]{1,20}(?: [A-Z][A-Za-z'-]{1,20}){0,2}/uy;
const afterName = /^(?: ?(?:様|さん|氏|です|と|でござ|で|、|。|,|\)|\(|」|\n|年齢|性別|電話|住所|連絡|〒|\[|$)| )/;

/** 氏名:山田 太郎; 名前は山田です. */
export const inFormField: NameFinder = (text, lookup) =>
  Array.from(text.matchAll(field)).flatMap(({ index, 0: label, 1: mark = '' }) => {
    const start = index + label.length;
    entry.lastIndex = start;
    const run = entry.exec(text)?.[0];
    if (run === undefined || noName.test(run)) return [];
    const isForm = /[:→= ]/.test(mark) && !label.startsWith('担当');
    // 氏名 山田太郎 電話 ...: the second word may be the next field.
    const [first = ''] = run.split(' ');
    const name = [withoutParticle(run, lookup), first].find((candidate) => {
      if (!afterName.test(text.slice(start + candidate.length, start + candidate.length + 4))) return false;
      return (
        (isKnown(candidate, lookup) && !everydaySurnames.has(candidate)) ||
        (isForm && isShaped(candidate, mark, lookup) && candidate === run)
      );
    });
    return name === undefined ? [] : [{ start, end: start + name.length }];
  });

/** A given name in hiragana runs on into what follows it (さくらです). */
function withoutParticle(run: string, lookup: NameLookup): string {
  const spoken = /^(.{2,12}?)(?:です|でした|という|とい)$/u.exec(run)?.[1];
  if (spoken !== undefined && isKnown(spoken, lookup)) return spoken;
  const kana = /^([\p{Script=Han}々ヶ]{1,6})([\p{Script=Hiragana}]{2,4})$/u.exec(run);
  if (kana === null) return run;
  const [, family = '', given = ''] = kana;
  return lookup.isSurname(family) ? family + given : family;
}

function isKnown(run: string, lookup: NameLookup): boolean {
  if (/^[A-Z]/.test(run)) return true;
  if (/^[\p{Script=Katakana}\p{Script=Hiragana}]/u.test(run)) return lookup.isKatakanaName(toKatakana(run));
  const kana = /^([\p{Script=Han}々ヶ]{1,6}) ?([\p{Script=Hiragana}\p{Script=Katakana}ー]{2,5})$/u.exec(run);
  if (kana === null) return lookup.isLikelyName(run);
  const [, family = '', given = ''] = kana;
  return lookup.isSurname(family) && (lookup.isGivenName(given) || lookup.isKatakanaName(toKatakana(given)));
}

/** Whether what is entered looks like a name; behind a mere space it has to begin with a surname. */
function isShaped(run: string, mark: string, lookup: NameLookup): boolean {
  const kana = /^([\p{Script=Han}々ヶ]{1,6})[\p{Script=Hiragana}\p{Script=Katakana}ー]{2,4}$/u.exec(run);
  if (mark === ' ') return lookup.isSurname(kana?.[1] ?? '');
  return !organisation.test(run) && run.replace(' ', '').length >= 2 && !/^[\p{Script=Han}]{6}/u.test(run);
}
