import { before, type PersonalDataDetector, spansOf } from './detector.ts';

const four =
  /(?:(?<![\w.-])|(?<=IP))(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w-]|\.\d|章|節|版)/g;
const six = /(?:(?<![\w:.])|(?<=IP|IPv6))(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])/g;
const version =
  /(?:バージョン|ファーム(?:ウェア)?|ver(?:sion)?\.?|[vV]|Android|iOS|OS|Build|ビルド|アプリ|第)[はがを: ]{0,3}$/i;

/** IP addresses of both versions. Four numbers that are called a version stay. */
export const ipAddressDetector: PersonalDataDetector = {
  kind: 'ip-address',
  find: (text) => [
    ...spansOf(text, four).filter(({ start }) => !version.test(before(text, start))),
    ...spansOf(text, six).filter(({ start, end }) => isWrittenOut(text.slice(start, end))),
  ],
};

/** Eight groups, or fewer and one `::` (RFC 4291, section 2.2); a time such as 12:34:56 or a lone :: is none. */
function isWrittenOut(text: string): boolean {
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined || text.length < 6) return false;
  const groups = [head, tail ?? ''].filter((part) => part !== '').flatMap((part) => part.split(':'));
  return groups.every((group) => group !== '') && (tail === undefined ? groups.length === 8 : groups.length < 8);
}
