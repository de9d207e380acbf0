import { z } from 'zod';

/** The tables of the clean-up, as `textnorm.json` of a model folder holds them; `piece` is for training only. */
export const cleanupTableSchema = z.object({
  emoji: z.record(z.string(), z.string()).describe('Emoji to the private-use character that owns its embedding.'),
  map: z.record(z.string(), z.string()).describe('Kaomoji and odd symbols to what they mean.'),
});

/** Replacements by the text they replace. */
export type CleanupTable = z.infer<typeof cleanupTableSchema>;

// Controls, invisible formatting, variation selectors, skin tones and tag characters: nothing a customer said.
const invisible =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]|[\ufe00-\ufe0f]|[\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/gu;
// The tokenizer would read these as its own control pieces.
const specialPieces = /<(?:\/?s|pad|unk|mask)>/g;
const whiteSpace = /[\s\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const laughter = /(?<![A-Za-z0-9./:])[wW]{2,}(?![A-Za-z0-9.])/g;
const longRun = /([^0-9])\1{3,}/gsu;

/**
 * Builds the clean-up that the encoder was trained behind: emoji and kaomoji become characters the tokenizer knows,
 * NFKC, single spaces, runs of one character cut to three. Any string in, lone surrogates included; linear in time.
 * Every rule is part of the model: a changed rule needs a newly trained encoder.
 */
export function createTextCleanup(table: CleanupTable): (text: string) => string {
  const replacements = new Map([...Object.entries(table.map), ...Object.entries(table.emoji)]);
  const replaced = new RegExp(
    longestFirst([...replacements.keys()])
      .map(escapeForPattern)
      .join('|'),
    'gu',
  );
  return (text) =>
    text
      .replace(invisible, '')
      .replace(specialPieces, '')
      .replace(replaced, (found) => replacements.get(found) ?? found)
      .normalize('NFKC')
      .replace(whiteSpace, ' ')
      .replace(/^ | $/g, '')
      .replace(laughter, 'www')
      .replace(longRun, '$1$1$1');
}

function longestFirst(texts: string[]): string[] {
  return texts.sort((a, b) => b.length - a.length);
}

function escapeForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
