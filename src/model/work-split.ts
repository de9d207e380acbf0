// Small enough that a lost process costs little to repeat, large enough that sentences of like length come together:
// with parts of 64 texts, padding costs another 6 %.
const textsPerPart = 256;
const charactersPerPart = 16_000;

/** A text and its place in the batch. */
export interface PlacedText {
  readonly index: number;
  readonly text: string;
}

/** Splits texts into parts of about equal size in characters, enough of them to occupy every process. */
export function splitWork(texts: readonly string[], processes: number): PlacedText[][] {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const rounds = Math.ceil(Math.max(texts.length / textsPerPart, characters / charactersPerPart) / processes);
  const parts = Array.from({ length: Math.min(rounds * processes, texts.length) }, () => ({
    characters: 0,
    texts: [] as PlacedText[],
  }));
  // Longest first, each to the part that has least: never more than a third above the best possible split (Graham
  // 1969, "Bounds on multiprocessing timing anomalies").
  const longestFirst = texts.map((text, index) => ({ index, text })).sort((a, b) => b.text.length - a.text.length);
  for (const placed of longestFirst) {
    const least = parts.reduce((best, part) => (part.characters < best.characters ? part : best));
    least.texts.push(placed);
    least.characters += placed.text.length + 1;
  }
  return parts.map((part) => part.texts);
}
