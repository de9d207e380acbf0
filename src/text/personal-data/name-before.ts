import type { Span } from '../../domain/span.ts';
import { type NameLookup, toKatakana } from './name-lookup.ts';
import { everydayGivenNames, organisation, roles } from './not-names.ts';

const endsInKanji = /[\p{Script=Han}々ヶ]$/u;
const endsInKatakana = /[\p{Script=Katakana}ー]$/u;
const endsInHiragana = /[\p{Script=Hiragana}ー]$/u;
const endsInLatin = /[A-Za-z'-]$/;
const kanji = /(?:[\p{Script=Han}々ヶ]{1,10}(?: [\p{Script=Han}々ヶ]{1,4})?)$/u;
const kanjiAndKana =
  /(?<![\p{Script=Han}々])([\p{Script=Han}々ヶ]{1,4}) ?([\p{Script=Hiragana}\p{Script=Katakana}ー]{2,5})$/u;
const katakana = /(?<![\p{Script=Katakana}ー])[\p{Script=Katakana}ー]{2,12}(?:[ ・][\p{Script=Katakana}ー]{2,12})?$/u;
const hiragana =
  /(?<![\p{Script=Han}\p{Script=Katakana}ー々])[\p{Script=Hiragana}ー]{2,12}(?: [\p{Script=Hiragana}ー]{2,8})?$/u;
const latin = /(?<![A-Za-z.@_-])[A-Z][A-Za-z'-]{1,20}(?: [A-Z][A-Za-z'-]{1,20})?$/;

const notCalled =
  /^(?:ママ|パパ|オーナー|ユーザー|スタッフ|メーカー|ネコ|イヌ|クマ|トヨタ|ホンダ|マツダ|ヤマハ|ヤマト|サガワ|ニトリ|コナミ)$/;
const company = /(?:センター|ショップ|サービス|ストア|ジャパン|カンパニー|スタッフ|サポート|システム|ホーム)$/;

/** The name that ends at `end`, in any script, before words that only follow names in the dictionary. */
export function knownNameBefore(text: string, end: number, lookup: NameLookup): Span | undefined {
  const lead = leadTo(text, end);
  // The patterns look for their start; their end is told by the last character, which is quicker.
  if (endsInKanji.test(lead)) return kanjiName(lead, end, lookup);
  const mixed = kanaName(lead, end, lookup);
  return mixed ?? (endsInKatakana.test(lead) ? katakanaName(lead, end, lookup) : undefined);
}

/** The name that ends at `end` before words that nothing but names stand before: rare names too. */
export function anyNameBefore(text: string, end: number, lookup: NameLookup): Span | undefined {
  const lead = leadTo(text, end);
  return (
    knownNameBefore(text, end, lookup) ??
    rareName(lead, end) ??
    unknownKatakana(lead, end) ??
    hiraganaNameBefore(text, end, lookup) ??
    latinNameBefore(text, end)
  );
}

/** The name in hiragana that ends at `end`: a run of its own, or what follows a particle. */
export function hiraganaNameBefore(text: string, end: number, lookup: NameLookup): Span | undefined {
  const lead = leadTo(text, end);
  const run = endsInHiragana.test(lead) ? hiragana.exec(lead)?.[0] : undefined;
  if (run === undefined) return undefined;
  const [first = '', second] = run.split(' ');
  const family = suffix(first, lookup);
  if (second === undefined) return family > 0 ? { start: end - family, end } : undefined;
  if (!lookup.isKatakanaName(toKatakana(second))) return undefined;
  return { start: end - second.length - (family > 0 ? family + 1 : 0), end };
}

/** One or two capitalised Latin words that end at `end`. */
export function latinNameBefore(text: string, end: number): Span | undefined {
  const lead = leadTo(text, end);
  const run = endsInLatin.test(lead) ? latin.exec(lead)?.[0] : undefined;
  return run === undefined ? undefined : { start: end - run.length, end };
}

function leadTo(text: string, end: number): string {
  return text.slice(Math.max(0, end - 24), end);
}

function kanjiName(lead: string, end: number, lookup: NameLookup): Span | undefined {
  const run = kanji.exec(lead)?.[0];
  if (run === undefined) return undefined;
  const [family = '', given] = run.split(' ');
  if (given !== undefined) {
    const known = lookup.surnameSuffix(family);
    if (known > 0 && !organisation.test(given)) return { start: end - given.length - 1 - known, end };
  }
  const last = given ?? family;
  const length = lookup.nameSuffix(last);
  if (length > 0) return { start: end - length, end };
  const called = last.length >= 2 && lookup.isGivenName(last) && !everydayGivenNames.has(last) && !roles.has(last);
  return called ? { start: end - last.length, end } : undefined;
}

function kanaName(lead: string, end: number, lookup: NameLookup): Span | undefined {
  const found = /[ぁ-ゖァ-ヺー]$/.test(lead) ? kanjiAndKana.exec(lead) : null;
  if (found === null) return undefined;
  const [all, family = '', given = ''] = found;
  if (/^[のはがをにへとでもや]/.test(given)) return undefined;
  const length = lookup.surnameSuffix(family);
  const known = lookup.isGivenName(given) || lookup.isKatakanaName(toKatakana(given));
  return length > 0 && known ? { start: end - all.length + family.length - length, end } : undefined;
}

function katakanaName(lead: string, end: number, lookup: NameLookup): Span | undefined {
  const run = katakana.exec(lead)?.[0];
  if (run === undefined || notCalled.test(run)) return undefined;
  if (lookup.isKatakanaName(run)) return { start: end - run.length, end };
  const last = run.split(/[ ・]/).at(-1) ?? '';
  return last !== run && lookup.isKatakanaName(last) ? { start: end - last.length, end } : undefined;
}

function rareName(lead: string, end: number): Span | undefined {
  if (!endsInKanji.test(lead)) return undefined;
  const last = kanji.exec(lead)?.[0].split(' ').at(-1) ?? '';
  if (last.length < 2 || last.length > 5 || organisation.test(last) || roles.has(last)) return undefined;
  if (/[おごご御]$/.test(lead.slice(0, -last.length))) return undefined;
  const word = /[お苦労疲馳走互陰蔭達親奥客皆神仏姫王嬢子孫同仕模多異有別名主先元側客体手]$|[名業様人]/;
  return word.test(last) ? undefined : { start: end - last.length, end };
}

function unknownKatakana(lead: string, end: number): Span | undefined {
  const run = endsInKatakana.test(lead) ? katakana.exec(lead)?.[0] : undefined;
  if (run === undefined || notCalled.test(run) || company.test(run)) return undefined;
  return { start: end - run.length, end };
}

/** Length of the longest name that ends a run of hiragana and begins it, or follows a particle. */
function suffix(run: string, lookup: NameLookup): number {
  if (/^(?:お|ご|み[なん]|どちら|ひと|かみ|たく)/.test(run)) return 0;
  for (let length = run.length; length >= 3; length -= 1) {
    const lead = run.slice(0, -length);
    const starts = lead === '' || /(?:[のはがもとに]|した|ている|です|ます)$/.test(lead);
    if (starts && lookup.isKatakanaName(toKatakana(run.slice(-length)))) return length;
  }
  return 0;
}
