/** Longest sentence in UTF-16 units; the model reads about this much Japanese. */
const longest = 200;
/** A cut nearer to the start than this makes fragments nobody can judge. */
const shortest = 80;

// From the best place to cut to the worst; each is a place right after what matches.
const places = [
  /[、,，;；。]/g,
  /\s/g,
  /(?:けれども|けれど|けど|ので|から|のに|ものの|たら|[てでがし])(?=[\p{Script=Han}\p{Script=Katakana}])/gu,
  /[\p{Script=Hiragana}](?=[\p{Script=Han}\p{Script=Katakana}])/gu,
];

const graphemes = new Intl.Segmenter('ja', { granularity: 'grapheme' });

/** Where to cut `[start, end)` so that the first part is at most 200 units: `end` itself if it is short enough. */
export function longestCut(text: string, start: number, end: number): number {
  if (end - start <= longest) return end;
  const window = text.slice(start, start + longest);
  for (const place of places) {
    let cut = 0;
    for (const match of window.matchAll(place)) cut = match.index + match[0].length;
    if (cut >= shortest) return start + cut;
  }
  return start + hardCut(text.slice(start, start + 2 * longest));
}

/** Last grapheme boundary within the limit; the first one after it if a single grapheme is longer. */
function hardCut(text: string): number {
  let cut = 0;
  for (const { index, segment } of graphemes.segment(text)) {
    const end = index + segment.length;
    if (end > longest) return cut > 0 ? cut : end;
    cut = end;
  }
  return cut;
}
