// Small enough that a lost process costs little to repeat, large enough that sentences of like length come together:
// with parts of 64 texts, padding costs another 6 %.
const textsPerPart = 256;
const charactersPerPart = 16_000;

/** What is asked about a text, and its place in the batch. */
export interface Placed<Asked> {
  readonly index: number;
  readonly asked: Asked;
}

/** Splits texts into parts of about equal size in characters, enough of them to occupy every process. */
export function splitWork<Asked extends { readonly text: string }>(
  texts: readonly Asked[],
  processes: number,
): Placed<Asked>[][] {
  const characters = texts.reduce((sum, { text }) => sum + text.length, 0);
  const rounds = Math.ceil(Math.max(texts.length / textsPerPart, characters / charactersPerPart) / processes);
  const parts = Array.from({ length: Math.min(rounds * processes, texts.length) }, () => ({
    characters: 0,
    texts: [] as Placed<Asked>[],
  }));
  // Longest first, each to the part that has least: never more than a third above the best possible split (Graham
  // 1969, "Bounds on multiprocessing timing anomalies").
  const longestFirst = texts
    .map((asked, index) => ({ index, asked }))
    .sort((a, b) => b.asked.text.length - a.asked.text.length);
  for (const placed of longestFirst) {
    const least = parts.reduce((best, part) => (part.characters < best.characters ? part : best));
    least.texts.push(placed);
    least.characters += placed.asked.text.length + 1;
  }
  return parts.map((part) => part.texts);
}
