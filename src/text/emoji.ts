const sequence =
  /\p{Regional_Indicator}{2}|\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?){0,9}/uy;

/** Length in UTF-16 units of the emoji sequence at `index` (skin tones, joined families and flags as one), 0 if none. */
export function emojiLengthAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  // Nothing below the arrows, and no kana or ideograph, is an emoji that people use as one; and a pattern with the u
  // flag would match the whole pair from its second half.
  if (code < 0x2190 || (code >= 0x2e80 && code < 0xd800) || (code >= 0xdc00 && code < 0xe000)) return 0;
  sequence.lastIndex = index;
  return sequence.exec(text)?.[0].length ?? 0;
}
