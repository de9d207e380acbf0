/** What stands in place of each kind of personal data. */
export const placeholders = {
  secret: '[認証情報]',
  mail: '[メールアドレス]',
  'social-account': '[アカウント名]',
  'driving-licence': '[免許証番号]',
  'health-insurance': '[保険証番号]',
  passport: '[旅券番号]',
  'bank-account': '[口座番号]',
  'customer-number': '[お客様番号]',
  'birth-date': '[生年月日]',
  'individual-number': '[マイナンバー]',
  card: '[カード番号]',
  phone: '[電話番号]',
  'postal-code': '[郵便番号]',
  address: '[住所]',
  name: '[氏名]',
  'ip-address': '[IPアドレス]',
} as const;

/** The kinds of personal data that koe masks. */
export type PersonalDataKind = keyof typeof placeholders;

/** Any placeholder. */
export const placeholderPattern = new RegExp(
  Object.values(placeholders)
    .map((placeholder) => placeholder.replace(/[[\]]/g, '\\$&'))
    .join('|'),
  'g',
);

/** The text with placeholders blanked, for whoever must not read them as the customer's words. Lengths change. */
export function withoutPlaceholders(text: string): string {
  return text.replace(placeholderPattern, ' ');
}
