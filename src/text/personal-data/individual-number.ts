import type { Span } from '../../domain/span.ts';
import { before, digitsOf, isReference, type PersonalDataDetector, spansOf, valuesAfter } from './detector.ts';

const label = /マイナンバー(?:カード)?|個人番号(?:カード)?|通知カード/g;
const labelled = /(?:に|と)?\d{4}([ -]?)\d{4}\1\d{4}(?![\d-])/y;
const anywhere = /(?<![\w.,-]|\d )\d{4}([ -]?)\d{4}\1\d{4}(?![\w-]| \d|[.,]\d|円|回|件|個)/g;
// Parcels are numbered with twelve digits, too.
const parcel = /(?:追跡|伝票|送り状|荷物|配送|配達|宅配|注文|番号札|シリアル|製造|商品)[^。\n]{0,14}$/;

/** Japan's individual numbers (マイナンバー): twelve digits with a check digit, or called by their name. */
export const individualNumberDetector: PersonalDataDetector = {
  kind: 'individual-number',
  find(text) {
    const named = text.includes('ナンバー') || text.includes('人番号') || text.includes('知カード');
    const called = named ? valuesAfter(text, label, labelled).map((span) => withoutParticle(text, span)) : [];
    const checked = spansOf(text, anywhere).filter(
      ({ start, end }) =>
        hasCheckDigit(digitsOf(text.slice(start, end))) &&
        !isReference(text, start) &&
        !parcel.test(before(text, start)),
    );
    return [...called, ...checked];
  },
};

function withoutParticle(text: string, { start, end }: Span): Span {
  return { start: /\d/.test(text.charAt(start)) ? start : start + 1, end };
}

/** The check digit of the ordinance of the Ministry of Internal Affairs and Communications no. 85 of 2014, article 5. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 1; place <= 11; place += 1) {
    sum += Number(digits.charAt(11 - place)) * (place <= 6 ? place + 1 : place - 5);
  }
  const rest = sum % 11;
  return Number(digits.charAt(11)) === (rest <= 1 ? 0 : 11 - rest);
}
