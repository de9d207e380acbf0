import { type PersonalDataDetector, valuesAfter } from './detector.ts';

const label =
  /(?:お客(?:様|さま|さん)|顧客|会員|メンバー(?:ズ)?|契約者?|患者|診察券|社員|学籍|証券|ポイント(?:カード|会員)|マイル|マイレージ(?:会員)?|ユーザー|年金|利用者|加入者|カスタマー|受講[生者]|生徒|学生|組合員|職員|従業員|登録者|入居者|プレイヤー|マイページ|ログイン)の?(?:番号|ナンバー|No\.?|ID)/gi;
const ownOrder = /(?:私|わたし|僕|自分|うち)の(?:ご?注文|ご?予約)(?:番号|No\.?|ID)/g;
const number =
  /(?:(?=[A-Za-z._-]{0,12}\d|[A-Za-z]{2,20}[._])[A-Za-z0-9][A-Za-z0-9._-]{1,24}[A-Za-z0-9]|\d{2,6}(?: \d{1,6}){1,4})(?! ?\d|円|桁|回|人|名|ポイント|件|年|個|%)/y;
const spaced = /\d{2,6}(?: \d{1,6}){1,4}(?!\d)/y;

/**
 * Numbers that stand for a person: customer, membership, contract, patient, student. Numbers of orders, parcels and
 * enquiries stay, unless the customer says that they are theirs (私の注文番号は...).
 */
export const customerNumberDetector: PersonalDataDetector = {
  kind: 'customer-number',
  find: (text) =>
    /番号|ナンバー|No|ID/i.test(text)
      ? [
          ...valuesAfter(text, label, spaced),
          ...valuesAfter(text, label, number),
          ...valuesAfter(text, ownOrder, number),
        ]
      : [],
};
