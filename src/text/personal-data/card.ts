import { digitsOf, isReference, type PersonalDataDetector, spansOf } from './detector.ts';

const card =
  /(?:(?<![\w.-])|(?<=VISA|JCB|AMEX|Master ?Card|Diners|Card|No\.?))(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{2,4}|\d{4}([ -]?)\d{6}\2\d{4,5})(?![\w-]|\.\d)/gi;

/** Credit cards: prefix and length of an issuer, and the check digit. */
export const cardDetector: PersonalDataDetector = {
  kind: 'card',
  find: (text) =>
    spansOf(text, card).filter(({ start, end }) => {
      const digits = digitsOf(text.slice(start, end));
      return isIssued(digits) && passesLuhn(digits) && !isReference(text, start);
    }),
};

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
