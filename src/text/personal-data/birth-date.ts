import { type PersonalDataDetector, spansOf, valuesAfter } from './detector.ts';

const label = /生年月日|誕生日|生まれた日|生まれ(?=は|:)|出生日|birth ?day|date of birth|\bDOB\b/gi;
const date =
  /(?:(?:19|20)\d{2}|(?:明治|大正|昭和|平成|令和|[MTSHR]\.?) ?(?:\d{1,2}|元|[一二三四五六七八九十]{1,3}))(?:年 ?(?:\d{1,2}|[一二三四五六七八九十]{1,3})月 ?(?:\d{1,2}|[一二三四五六七八九十]{1,3})日|([-/.])\d{1,2}\1\d{1,2})(?!\d)|(?:19|20)\d{6}(?!\d)|\d{1,2}月\d{1,2}日/y;
const bornOn =
  /(?<![\dA-Za-z])(?:(?:19|20)\d{2}|\d{2}(?=年)|(?:明治|大正|昭和|平成|令和|[MTSHR]\.?) ?(?:\d{1,2}|元|[一二三四五六七八九十]{1,3}))(?:年 ?(?:\d{1,2}|[一二三四五六七八九十]{1,3})月 ?(?:\d{1,2}|[一二三四五六七八九十]{1,3})日|([-/.])\d{1,2}\1\d{1,2})(?= ?(?:生まれ|うまれ|に生まれ|生(?:[ 。、,)]|の|$)))/gm;

/** Dates of birth: after their name, or before 生まれ. Other dates stay. */
export const birthDateDetector: PersonalDataDetector = {
  kind: 'birth-date',
  find: (text) => [
    ...(/生|birth|DOB/i.test(text) ? valuesAfter(text, label, date) : []),
    ...(/生|うまれ/.test(text) ? spansOf(text, bornOn) : []),
  ],
};
