/** What normalising makes of one grapheme. */
export interface CharacterKind {
  /** The normalised text; empty where the grapheme is removed. */
  readonly text: string;
  /** One code unit that never continues a grapheme and is never continued by another such unit. */
  readonly standsAlone: boolean;
  readonly space: boolean;
  readonly digit: boolean;
  /** A stroke that may stand for the long vowel mark between katakana (サ―ビス), or a tilde for 〜 (すご~い). */
  readonly stroke: boolean;
}

const attaching: CharacterKind = { text: '', standsAlone: false, space: false, digit: false, stroke: false };
const removed: CharacterKind = attaching;
const blank = { text: ' ', standsAlone: true, space: true, digit: false, stroke: false };
const lineBreak = { ...blank, text: '\n' };
const longStroke = { text: '-', standsAlone: true, space: false, digit: false, stroke: true };
const asciiTilde = { ...longStroke, text: '~' };

const kinds = new Map<number, CharacterKind>();

/** Kind of one UTF-16 code unit; units that need their neighbours to be understood do not stand alone. */
export function kindOf(code: number): CharacterKind {
  let kind = kinds.get(code);
  if (kind === undefined) {
    kind = decide(code);
    kinds.set(code, kind);
  }
  return kind;
}

function decide(code: number): CharacterKind {
  if (code === 0x20 || code === 0x3000 || code === 0x09) return blank;
  if (code === 0x0a) return lineBreak;
  if (code === 0x2d || code === 0x2015 || code === 0x2014 || code === 0x2212 || code === 0xff0d) return longStroke;
  if (code === 0x301c || code === 0xff5e) return alone('〜');
  if (code === 0x7e) return asciiTilde;
  if (isPlainCode(code)) return alone(String.fromCharCode(code));
  if (code >= 0xff61 && code <= 0xff9d) return alone(String.fromCharCode(code).normalize('NFKC'));
  if (code >= 0xff01 && code <= 0xff5e) return alone(String.fromCharCode(code - 0xfee0));
  if (isSymbol(code)) return { ...foldedWhole(String.fromCharCode(code)), standsAlone: true };
  return attaching;
}

function alone(text: string): CharacterKind {
  return { text, standsAlone: true, space: false, digit: text >= '0' && text <= '9', stroke: false };
}

/**
 * Latin, Greek and Cyrillic letters, quotation marks, ellipses, arrows, shapes and enclosed letters: one grapheme each
 * unless something attaches.
 */
function isSymbol(code: number): boolean {
  return (
    (code > 0xa0 && code < 0x300 && code !== 0xad) ||
    (code >= 0x370 && code < 0x483) ||
    (code >= 0x2010 && code <= 0x2027) ||
    (code >= 0x2100 && code <= 0x2bff) ||
    (code >= 0x3200 && code <= 0x33ff)
  );
}

/** Printable ASCII, kana, CJK punctuation, unified ideographs and Hangul: unchanged by NFKC, one grapheme each. */
function isPlainCode(code: number): boolean {
  return (
    (code > 0x20 && code < 0x7f) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x3041 && code <= 0x3096) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0x30a1 && code <= 0x30fe) ||
    (code >= 0x3001 && code <= 0x301b && code !== 0x3004)
  );
}

const voiced = new Map<number, CharacterKind>();

/** Whether a half-width katakana with its voiced or semi-voiced mark (ﾃﾞ, ﾊﾟ) is at `index`. */
export function isVoicedHalfWidth(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  const mark = text.charCodeAt(index + 1);
  return code >= 0xff66 && code <= 0xff9d && (mark === 0xff9e || mark === 0xff9f);
}

/** The composed full-width katakana of the two half-width characters at `index`. */
export function voicedHalfWidth(text: string, index: number): CharacterKind {
  const key = text.charCodeAt(index) * 2 + (text.charCodeAt(index + 1) & 1);
  let kind = voiced.get(key);
  if (kind === undefined) {
    kind = whole(text.slice(index, index + 2).normalize('NFKC'));
    voiced.set(key, kind);
  }
  return kind;
}

/**
 * Whether the code unit may be a prepended mark, which joins the character after it (Unicode Standard Annex 29, rule
 * GB9b): Arabic and Indic blocks, and the planes of historic Indic scripts.
 */
export function mayAttachNext(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code >= 0x0600 && code <= 0x0dff) return true;
  if (code < 0xdc00 || code > 0xdfff) return false;
  const high = text.charCodeAt(index - 1);
  return high >= 0xd804 && high <= 0xd807;
}

const pictograph = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
// Selectors of presentation, accents and skin tones say nothing about the opinion; lone ones are left to `invisible`.
const presentation = /\p{Mn}|[\u{1f3fb}-\u{1f3ff}]/gu;
const invisible = /\p{Cc}|\p{Cf}|[\ufe00-\ufe0f]/gu;
const dashes = /^[\u2010-\u2015\u2212\u2500\u2501\uff0d]$/;
const tildes = /^[\u301c\u3030\uff5e\u02dc\u223c\u223e]$/;

/** Kind of a whole grapheme, which may be several code units long. */
export function folded(grapheme: string): CharacterKind {
  if (grapheme.length === 1) {
    const kind = kindOf(grapheme.charCodeAt(0));
    if (kind.standsAlone) return kind;
  }
  return foldedWhole(grapheme);
}

function foldedWhole(grapheme: string): CharacterKind {
  if (/^[\r\n\u0085\u2028\u2029]/.test(grapheme)) return lineBreak;
  if (/^\s$/.test(grapheme) && grapheme !== '\ufeff') return blank;
  if (tildes.test(grapheme)) return alone('〜');
  if (dashes.test(grapheme)) return longStroke;
  if (pictograph.test(grapheme)) {
    const bare = grapheme.replace(presentation, '');
    return bare === '' ? removed : whole(bare);
  }
  const visible = grapheme.replace(invisible, '');
  if (visible === '') return removed;
  return whole(compatible(visible));
}

/** NFKC, except where it would tear an accent off into a space (´ ¨ ￣ in kaomoji) or make white space. */
function compatible(text: string): string {
  const normal = text.normalize('NFKC');
  if (normal.length > 1 && normal.startsWith(' ')) return text;
  return normal;
}

function whole(text: string): CharacterKind {
  if (text.length === 1 && !isSymbol(text.charCodeAt(0))) {
    const kind = kindOf(text.charCodeAt(0));
    if (kind.standsAlone) return kind;
  }
  return { text, standsAlone: false, space: false, digit: /^\p{Nd}/u.test(text), stroke: false };
}

const lonePictures = new Map<number, CharacterKind>();

/**
 * The emoji at `index` if it is a pair of code units that nothing joins in itself (not a skin tone, not half of a
 * flag), else undefined. Whether something attaches to it is for the caller to see.
 */
export function pictureAt(text: string, index: number): CharacterKind | undefined {
  const high = text.charCodeAt(index);
  if (high < 0xd83c || high > 0xd83e) return undefined;
  const code = text.codePointAt(index) ?? 0;
  if (code < 0x1f300 || code > 0x1faff || (code >= 0x1f3fb && code <= 0x1f3ff)) return undefined;
  let kind = lonePictures.get(code);
  if (kind === undefined) {
    kind = foldedWhole(String.fromCodePoint(code));
    lonePictures.set(code, kind);
  }
  return kind;
}

/** Whether a code unit is kana, an ideograph or the long vowel mark. */
export function isJapanese(code: number): boolean {
  return (code >= 0x3041 && code <= 0x30ff && code !== 0x30fb) || (code >= 0x4e00 && code <= 0x9fff) || code === 0x3005;
}

/** Whether a code unit is a katakana letter, full or half width. */
export function isKatakana(code: number): boolean {
  return (code >= 0x30a1 && code <= 0x30fa) || (code >= 0xff66 && code <= 0xff9d);
}
