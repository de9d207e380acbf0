import type { Span } from '../../domain/span.ts';
import { before, digitsOf, isReference, type PersonalDataDetector, spansOf } from './detector.ts';

const extension = / ?\(?(?:内線|ext\.?) ?:?\d{1,5}\)?/iy;
const number =
  /(?:(?<![\w.,-])|(?<=tel\.?|fax\.?))(?:\+81[ -]?(?:\(0\))?\d{1,4}[ -]?\d{1,4}[ -]?\d{3,4}|\(0\d{1,4}\) ?\d{1,4}[ -]?\d{3,4}|0\d{1,4}(?:[ -]\d{1,4}[ -]|[ -]?\(\d{1,4}\)[ -]?)\d{3,4}|0\d{1,4}([./・の])\d{1,4}\1\d{3,4}|0\d{9,10}|0(?: \d){9,10})(?![\w-]|[.,]\d)/gi;
const inKanji =
  /(?<![〇零一-九十百千万])[〇零][〇零一二三四五六七八九]{1,4}[-ーの ]?[〇零一二三四五六七八九]{1,4}[-ーの ]?[〇零一二三四五六七八九]{1,4}(?![〇零一二三四五六七八九十百千万])/g;
const named = /(?:電話|TEL|携帯|ケータイ|スマホ|連絡先|FAX|フリーダイヤル)(?:電話)?(?:番号)?[はがの:.→ 「(]{0,3}$/i;

/** Telephone and fax numbers of Japan, toll-free ones too, with their extensions. */
export const telephoneDetector: PersonalDataDetector = {
  kind: 'phone',
  find(text) {
    const spans = [
      ...spansOf(text, number).filter((span) => isTelephone(text, span)),
      ...spansOf(text, inKanji).filter((span) => isSpelled(text.slice(span.start, span.end))),
    ];
    return spans.map((span) => withExtension(text, span));
  },
};

function isTelephone(text: string, { start, end }: Span): boolean {
  const written = text.slice(start, end);
  if (isReference(text, start)) return false;
  const digits = written.startsWith('+81') ? `0${digitsOf(written).slice(2).replace(/^0/, '')}` : digitsOf(written);
  if (/^0[5789]0/.test(digits)) return digits.length === 11;
  // Ten digits in a row could be anything; with separators, or called a telephone, they are a number to call.
  const spoken = written.length > digits.length || named.test(before(text, start));
  return spoken && digits.length === 10 && /^0[1-9]/.test(digits);
}

/** Runs of one character are cut to three by then, so that digits may be missing. */
function isSpelled(written: string): boolean {
  const digits = written.replace(/[-ーの ]/g, '');
  return digits.length >= (written.length - digits.length === 2 ? 6 : 9);
}

function withExtension(text: string, { start, end }: Span): Span {
  extension.lastIndex = end;
  return { start, end: end + (extension.exec(text)?.[0].length ?? 0) };
}
