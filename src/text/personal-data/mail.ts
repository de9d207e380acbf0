import { type PersonalDataDetector, spansOf } from './detector.ts';

const address = /[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}/g;
// As people write it against robots.
const spelled =
  /[A-Za-z0-9._%+'-]{1,64} ?(?:@|\[at\]|\(at\)) ?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,3}\.(?:com|net|org|jp|info)(?![A-Za-z])/gi;
// In the query of a URL.
const encoded = /(?<=[=/:])[A-Za-z0-9._+-]{1,64}%40[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}/g;

/** Mail addresses, also percent-encoded ones in URLs. */
export const mailDetector: PersonalDataDetector = {
  kind: 'mail',
  find(text) {
    return [
      ...(text.includes('@') ? spansOf(text, address) : []),
      ...(/@|[[(]at[\])]/i.test(text) ? spansOf(text, spelled) : []),
      ...(text.includes('%40') ? spansOf(text, encoded) : []),
    ];
  },
};
