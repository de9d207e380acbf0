// Forms that end a sentence even where no sign does; those of the plain style only before an ellipsis.
const polite = /(?:です|ます|でした|ました|せん|ください|下さい|でしょう|ましょう)[かねよわな]{0,2}$/;
const plain = /(?:[いっしんれえけせきりち]た|[んっ]だ|だった|ない|たい)[ねよなわ]{0,2}$/;
const notPlain = /(?:また|まだ|ただ|あなた|みたい|一体|いったい|だいたい|絶対|ぜったい)$/;
const dots = /(?:…|・{2,30}|\.{2,30}|、{2,30}|,{2,30}|‥){1,30}/y;
const laughter = /[笑泣]{1,10}(?![いうえおわっくきかけこ顔声話点劇止み])/y;
const gap = /[^\S\n]{1,30}(?=\S)/y;
/** What else may end a sentence where the next one begins for certain: 高い……でも買う. */
const finite = /[いうくすつぬむるただ]$/;
const conjunction =
  /[^\S\n]{0,2}(?:でも(?![ねよ。!…])|しかし|だけど|けれど|ですが|なのに|それでも|それに|とはいえ|ただ[し、]|まあ|まぁ)/y;

/** Longest ending of a sentence that the forms above look at, in UTF-16 units. */
const look = 12;

const opens: Readonly<Record<number, true>> = {
  // … ・ . 、 , ‥ 笑 泣, space and ideographic space
  8230: true,
  12539: true,
  46: true,
  12289: true,
  44: true,
  8229: true,
  31505: true,
  27875: true,
  32: true,
  12288: true,
};

/**
 * Length of what ends a sentence at `index` only because the words before it can end one: an ellipsis (残念です…), white
 * space (届きました　ありがとう), or laughter and tears as bare words (高すぎる笑). 0 if nothing there does.
 */
export function pauseLengthAt(text: string, index: number): number {
  if (opens[text.charCodeAt(index)] === undefined || index === 0) return 0;
  const before = text.slice(Math.max(0, index - look), index);
  laughter.lastIndex = index;
  const laughed = laughter.exec(text)?.[0].length;
  if (laughed !== undefined) return /[\p{Script=Hiragana}ー](?<![をがはにと])$/u.test(before) ? laughed : 0;
  const isPolite = polite.test(before);
  gap.lastIndex = index;
  const space = gap.exec(text)?.[0].length;
  if (space !== undefined) return isPolite ? space : 0;
  dots.lastIndex = index;
  const length = dots.exec(text)?.[0].length;
  if (length === undefined) return 0;
  if (isPolite || (plain.test(before) && !notPlain.test(before))) return length;
  conjunction.lastIndex = index + length;
  return finite.test(before) && conjunction.test(text) ? length : 0;
}
