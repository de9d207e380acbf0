/** Encodings in which files are read. Shift_JIS is Windows-31J (CP932), as the WHATWG's Encoding Standard has it. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'shift_jis', 'euc-jp', 'iso-2022-jp'] as const;
export type TextEncoding = (typeof encodings)[number];

const marks: readonly [encoding: TextEncoding, mark: Buffer][] = [
  ['utf-8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf-16le', Buffer.from([0xff, 0xfe])],
  ['utf-16be', Buffer.from([0xfe, 0xff])],
];
/** Begins Japanese in ISO-2022-JP (RFC 1468). */
const japaneseEscape = Buffer.from([0x1b, 0x24]);
/** So many bytes beyond ASCII tell Shift_JIS from EUC-JP. */
const enough = 65_536;

/**
 * The encoding of a text: by its byte order mark; UTF-16 by the bytes of ASCII in it; otherwise the one whose rules no
 * byte breaks, UTF-8 first, and of Shift_JIS and EUC-JP the one in which it reads more like Japanese. Reads no further than needed:
 * mostly some 100 kB, all of a text without Japanese.
 *
 * @returns undefined when it is in none of them
 */
export async function detectEncoding(bytes: AsyncIterable<Uint8Array>): Promise<TextEncoding | undefined> {
  let candidates: readonly Candidate[] = (['utf-8', 'shift_jis', 'euc-jp'] as const).map(candidateFor);
  let isFirst = true;
  let beyondAscii = 0;
  let isWhole = true;
  for await (const piece of bytes) {
    if (piece.length === 0) continue;
    if (isFirst) {
      const told = toldByStart(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
      if (told !== undefined) return told;
      isFirst = false;
    }
    for (const byte of piece) if (byte >= 0x80) beyondAscii++;
    candidates = candidates.filter(({ accepts }) => accepts(piece));
    if (candidates.length === 0) return undefined;
    isWhole = beyondAscii < enough && (candidates.length > 1 || beyondAscii === 0);
    if (!isWhole) break;
  }
  const possible = candidates.filter(({ ends }) => !isWhole || ends());
  const [best] = possible.sort((one, other) => other.plausibility() - one.plausibility());
  return best?.encoding;
}

function toldByStart(start: Buffer): TextEncoding | undefined {
  const marked = marks.find(([, mark]) => start.subarray(0, mark.length).equals(mark));
  if (marked !== undefined) return marked[0];
  if (start.subarray(0, 65_536).includes(japaneseEscape)) return 'iso-2022-jp';
  const head = start.subarray(0, 4096 - (4096 % 2));
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  // Delimiters and line breaks of a table are ASCII: one byte of each is zero, and no other encoding has any.
  if (Math.max(even, odd) < head.length / 100 || Math.max(even, odd) === 0) return undefined;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

interface Candidate {
  readonly encoding: TextEncoding;
  /** Whether the bytes so far follow its rules. */
  accepts(piece: Uint8Array): boolean;
  /** Whether the text may end here. */
  ends(): boolean;
  /** From 0, higher for what reads like Japanese; valid UTF-8 with anything beyond ASCII is UTF-8. */
  plausibility(): number;
}

const usual = /[\u3040-\u30ff\u4e00-\u9fff\u3001\u3002\uff01\uff1f\u300c\u300d\u3000]/g;
const unusual = /[\uff61-\uff9f\ue000-\uf8ff\u0080-\u00ff\u0370-\u04ff]/g;

function candidateFor(encoding: TextEncoding): Candidate {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let score = 0;
  const decoded = (piece: Uint8Array | undefined): boolean => {
    try {
      const text = piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
      score += (text.match(usual)?.length ?? 0) - 3 * (text.match(unusual)?.length ?? 0);
      return true;
    } catch {
      return false;
    }
  };
  return {
    encoding,
    accepts: decoded,
    ends: () => decoded(undefined),
    plausibility: () => (encoding === 'utf-8' ? Number.POSITIVE_INFINITY : score),
  };
}

/**
 * The text of bytes, without its byte order mark. Bytes that break the rules of the encoding become U+FFFD, so that
 * a reader can tell the rows that hold them.
 */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>, encoding: TextEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
