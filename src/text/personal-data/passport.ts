import { type PersonalDataDetector, valuesAfter } from './detector.ts';

const label = /パスポート|旅券|passport(?: number)?/gi;
const number = /[A-Za-z]{2} ?\d{7}(?![\dA-Za-z])/y;

/** Passport numbers: two letters and seven digits after their name. */
export const passportDetector: PersonalDataDetector = {
  kind: 'passport',
  find: (text) => (/パスポート|旅券|passport/i.test(text) ? valuesAfter(text, label, number) : []),
};
