import { before, type PersonalDataDetector, valuesAfter } from './detector.ts';
import { symbolAndNumber } from './health-insurance.ts';

const account = /口座番号|口座No\.?|銀行口座/g;
const type = /(?:普通|当座|貯蓄)(?:預金|貯金)?(?:口座)?|\((?:普|当)\)|普\)/g;
const postal = /ゆうちょ(?:銀行)?(?:の口座)?/g;
const symbol = /記号/g;
const accountNumber = /\d{6,8}(?![\d,.]|円|回|台|個|件|人|万)/y;
const typedNumber = /\d{7}(?![\d,.]|円|回|台|個|件|人|万)/y;
const postalNumber = /\d{5}-(?:\d-)?\d{6,8}(?!\d)/y;
const symbolNumber = /\d{5,8}(?!\d)/y;
const payee = /(?:振り?込み?先|返金先|入金先)/g;
const bank = /銀行|支店|金庫|信組|農協|JA|バンク|ゆうちょ|口座|振り?込|引き?落と|返金|名義|営業部|本店|出張所/;

/** Numbers of bank accounts; names of banks and branches stay. */
export const bankAccountDetector: PersonalDataDetector = {
  kind: 'bank-account',
  find(text) {
    if (!bank.test(text)) return [];
    const symbols = Array.from(text.matchAll(symbol)).filter(
      ({ index }) => bank.test(before(text, index)) || bank.test(text.slice(index, index + 40)),
    );
    return [
      ...valuesAfter(text, account, accountNumber),
      ...valuesAfter(text, type, typedNumber).filter(({ start, end }) =>
        bank.test(text.slice(Math.max(0, start - 40), end + 20)),
      ),
      ...valuesAfter(text, payee, typedNumber),
      ...valuesAfter(text, postal, postalNumber),
      ...symbols.flatMap(({ index, 0: words }) => symbolAndNumber(text, index + words.length, symbolNumber)),
    ];
  },
};
