import type { Span } from '../../domain/span.ts';
import { before, type PersonalDataDetector, valueAt } from './detector.ts';

const label = /(?:保険証|健康保険|国保|社保|被?保険者証?)(?:の|:|\(|、| ){0,2}(?:記号・?の?番号|記号|番号|No\.?)/g;
const number = /(?:\p{Script=Han}{2,3} )?\d{1,10}(?:[-・]\d{1,10})?(?![\d,.]|割|円|回|枚|年|日|%)/uy;
const symbol = /記号/g;
const insurance = /保険|国保|社保/;
const second = /[ ,、・]{0,2}番号/y;

/** Symbols and numbers of health insurance cards, and numbers of insurers and insured persons. */
export const healthInsuranceDetector: PersonalDataDetector = {
  kind: 'health-insurance',
  find(text) {
    if (!text.includes('保')) return [];
    const symbols = Array.from(text.matchAll(symbol)).filter(({ index }) => insurance.test(before(text, index, 40)));
    return [...text.matchAll(label), ...symbols].flatMap(({ index, 0: words }) =>
      symbolAndNumber(text, index + words.length, number),
    );
  },
};

/** A value and, where 番号 follows, one more; `value` has the flag y. */
export function symbolAndNumber(text: string, index: number, value: RegExp): Span[] {
  const first = valueAt(text, index, value);
  if (first === undefined) return [];
  second.lastIndex = first.end;
  const label = second.exec(text);
  const next = label === null ? undefined : valueAt(text, first.end + label[0].length, value);
  return next === undefined ? [first] : [first, next];
}
