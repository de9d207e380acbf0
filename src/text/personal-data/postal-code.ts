import { type PersonalDataDetector, spansOf, valuesAfter } from './detector.ts';

const marked = /〒 ?\d{3}[ -]?\d{4}(?![\d-])/g;
const label = /郵便番号|〒番号|〒/g;
const code = /\d{3}[ -]?\d{4}(?![\d-])/y;
const beforeAddress =
  /(?<![\w.-])\d{3}-\d{4}(?=[ \n、]{0,2}(?:東京都|北海道|大阪府|京都府|\p{Script=Han}{2,3}県|\p{Script=Han}{1,5}[市区郡]))/gu;

/** Postal codes after 〒 or 郵便番号, or before an address. */
export const postalCodeDetector: PersonalDataDetector = {
  kind: 'postal-code',
  find: (text) => [
    ...spansOf(text, marked),
    ...(/〒|郵便/.test(text) ? valuesAfter(text, label, code) : []),
    ...spansOf(text, beforeAddress),
  ],
};
