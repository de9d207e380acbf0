import type { Span } from '../domain/span.ts';

/** Finds one kind of personal data in normalised text. */
export interface PersonalDataDetector {
  /** Name under which records count it. */
  readonly kind: string;
  /** What stands in its place. */
  readonly placeholder: string;
  find(text: string): Span[];
}

/** All detectors; where two find overlapping ranges the earlier one wins. */
export const detectors: readonly PersonalDataDetector[] = [
  { kind: 'mail', placeholder: '[メールアドレス]', find: findMail },
  { kind: 'card', placeholder: '[カード番号]', find: findCards },
  { kind: 'phone', placeholder: '[電話番号]', find: findPhones },
  { kind: 'postal-code', placeholder: '[郵便番号]', find: findPostalCodes },
];

// Every quantifier is bounded, so that the time is linear in the length of the text.
const mail = /[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}/g;
const card = /(?<![\w.-])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{2,4}|\d{4}([ -]?)\d{6}\2\d{5})(?![\w-]|\.\d)/g;
const phone =
  /(?<![\w.,-])(?:\+81[ -]?(?:\(0\))?\d{1,4}[ -]?\d{1,4}[ -]?\d{3,4}|\(0\d{1,4}\) ?\d{1,4}[ -]?\d{3,4}|0\d{1,4}(?:[ -]\d{1,4}[ -]|[ -]?\(\d{1,4}\)[ -]?)\d{3,4}|0\d{9,10})(?![\w-]|[.,]\d)/g;
const postal = /〒 ?\d{3}[ -]?\d{4}(?![\d-])/g;
const postalByContext =
  /(?<=郵便番号(?:は|が|:|：)?[ 「]?)\d{3}-?\d{4}(?![\d-])|(?<![\w-])\d{3}-\d{4}(?=[ \n、]?(?:東京都|北海道|大阪府|京都府|\p{Script=Han}{2,3}県))/gu;

// A number that is called an order, a parcel or a product is none of the customer's own.
const reference =
  /(?:注文|伝票|追跡|受注|予約|管理|商品|受付|問い?合わ?せ|お?問合せ|契約|整理|シリアル|製造|型|品|製品|配送|荷物|ロット|JAN|ISBN|会員|ポイント|口座|案件|チケット|エラー)(?:No|ナンバー|番号|コード|ID)?[はがのを:：#.) 「(]{0,3}$/i;
const telephone = /(?:電話|TEL|携帯|ケータイ|連絡先|FAX|フリーダイヤル)(?:番号)?[はがの:：.) 「(]{0,3}$/i;

function findMail(text: string): Span[] {
  return text.includes('@') ? spansOf(text, mail) : [];
}

function findCards(text: string): Span[] {
  return spansOf(text, card).filter(({ start, end }) => {
    const digits = digitsOf(text.slice(start, end));
    return isIssued(digits) && passesLuhn(digits) && !reference.test(before(text, start));
  });
}

function findPhones(text: string): Span[] {
  return spansOf(text, phone).filter(({ start, end }) => {
    const written = text.slice(start, end);
    const context = before(text, start);
    if (reference.test(context)) return false;
    const digits = written.startsWith('+81') ? `0${digitsOf(written).slice(2).replace(/^0/, '')}` : digitsOf(written);
    if (/^0[5789]0/.test(digits)) return digits.length === 11;
    if (/^0800/.test(digits)) return digits.length === 11;
    // Ten digits in a row could be anything; with separators, or called a telephone, they are a number to call.
    const spoken = written.length > digits.length || telephone.test(context);
    return spoken && digits.length === 10 && /^0[1-9]/.test(digits);
  });
}

function findPostalCodes(text: string): Span[] {
  return [...spansOf(text, postal), ...spansOf(text, postalByContext)];
}

function spansOf(text: string, pattern: RegExp): Span[] {
  return Array.from(text.matchAll(pattern), (match) => ({ start: match.index, end: match.index + match[0].length }));
}

function before(text: string, index: number): string {
  return text.slice(Math.max(0, index - 20), index);
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

/** Whether a number has the prefix and length of a card of Visa, Mastercard, JCB, American Express, Diners or UnionPay. */
function isIssued(digits: string): boolean {
  const prefixes: Readonly<Record<number, RegExp>> = {
    14: /^3(?:0[0-5]|[689])/,
    15: /^3[47]/,
    16: /^(?:4|5[1-5]|2[2-7]|35|62|6011|65)/,
  };
  return prefixes[digits.length]?.test(digits) === true;
}

/** The check of ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - place));
    const weighted = place % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
