import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../../src/embedded/kafka/storage/crc32c.ts';

describe('crc32c', () => {
  // RFC 3720 appendix B.4, and the check value of the Rocksoft catalogue.
  it.each([
    ['the check value', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['ascending bytes', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
    ['descending bytes', Buffer.from(Array.from({ length: 32 }, (_, index) => 31 - index)), 0x113fdb5c],
    ['nothing', Buffer.alloc(0), 0],
  ])('has the published value of %s', (_what, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  it('takes a range of any alignment', () => {
    const padded = Buffer.from('xxx123456789yy');
    expect(crc32c(padded, 3, 12)).toBe(0xe3069283);
  });
});
