import type { Span } from '../../domain/span.ts';
import { type PersonalDataDetector, spansOf, valuesAfter } from './detector.ts';

const parameter =
  /([?&#;](?:access_?token|id_?token|refresh_?token|token|auth|session(?:_?id)?|sid|sig|signature|api_?key|key|secret|client_?secret|passw(?:or)?d|pwd|otp|jwt|ticket|code|state|x-amz-signature)=)[^\s&#"'<>\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef[\]]{4,2000}/gi;
const assigned =
  /((?:api[_-]?key|client_?secret|secret_?key|access_?token|secret|token|password|passwd|pwd)["']? ?[=:] ?["']?)[\w./+!@$%^*-]{6,500}/gi;
const userinfo = /(:\/\/[\w.%-]{1,64}:)[^\s:@/[\]]{1,64}(?=@)/g;
const bearer = /((?:Bearer|Basic) )[\w.~+/=-]{8,2000}/gi;
// Keys that tell what they are: OpenAI and Stripe, AWS, GitHub, Slack, Google, JSON Web Tokens.
const key =
  /(?<![\w-])(?:[sp]k[-_][\w-]{16,200}|AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,100}|xox[abprs]-[\w-]{10,200}|AIza[\w-]{30,50}|eyJ[\w-]{5,2000}\.[\w-]{5,2000}\.[\w-]{3,2000})/g;
const passwordLabel = /パス(?:ワード|フレーズ)?|(?<![A-Za-z])(?:PW|PASS(?:WORD)?)(?![A-Za-z])/gi;
const password = /(?=[!-~]{0,31}\d)(?=[!-~]{0,31}[A-Za-z])[A-Za-z0-9!#$%&*+,./:;=?@^_~-]{6,32}(?<![.,:;])/y;
const keyLabel = /API ?キー|(?:アクセス)?トークン|シークレット(?:キー)?|秘密鍵/gi;
const keyValue = /(?=[\w.+/=-]{0,40}\d)(?=[\w.+/=-]{0,40}[A-Za-z])[\w.+/=-]{12,500}/y;
const pinLabel =
  /暗証番号|パスコード|PIN(?:コード)?|認証コード|確認コード|ワンタイムパスワード|セキュリティコード|CV[CV2]/g;
const pin = /\d{3,8}(?!\d|桁|回|円|月|年)/y;

/** Passwords, keys and tokens, in URLs and in running text. Only the value is taken, its name stays. */
export const secretDetector: PersonalDataDetector = {
  kind: 'secret',
  find: (text) => [
    ...(text.includes('=') || text.includes(':') ? [parameter, assigned, userinfo].flatMap((p) => named(text, p)) : []),
    ...named(text, bearer),
    ...spansOf(text, key),
    ...valuesAfter(text, passwordLabel, password),
    ...valuesAfter(text, keyLabel, keyValue),
    ...valuesAfter(text, pinLabel, pin),
  ],
};

/** Where a pattern matches, without its first group. */
function named(text: string, pattern: RegExp): Span[] {
  return Array.from(text.matchAll(pattern), ({ index, 0: all, 1: name = '' }) => ({
    start: index + name.length,
    end: index + all.length,
  }));
}
