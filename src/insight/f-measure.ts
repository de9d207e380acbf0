/** How often each label was given and found. */
export interface LabelCount {
  /** Rows that have the label. */
  readonly given: number;
  /** Rows in which it was found. */
  readonly found: number;
  /** Rows of both kinds. */
  readonly both: number;
}

/** F1 of one label, or of several taken together; 0 where nothing is right. */
export function f1Of(counts: Iterable<LabelCount>): number {
  let both = 0;
  let all = 0;
  for (const count of counts) {
    both += count.both;
    all += count.given + count.found;
  }
  return all === 0 ? 0 : (2 * both) / all;
}

/** Mean F1 over the labels that occur among those given; NaN if none does. */
export function macroF1Of(counts: Iterable<LabelCount>): number {
  const occurring = [...counts].filter(({ given }) => given > 0);
  return occurring.reduce((sum, count) => sum + f1Of([count]), 0) / occurring.length;
}

/** Counts labels over rows; a label counts once a row. */
export function countLabels(
  rows: Iterable<{ readonly given: Iterable<string>; readonly found: Iterable<string> }>,
): Map<string, LabelCount> {
  const counts = new Map<string, { given: number; found: number; both: number }>();
  const countOf = (label: string) => {
    const count = counts.get(label) ?? { given: 0, found: 0, both: 0 };
    counts.set(label, count);
    return count;
  };
  for (const row of rows) {
    const [given, found] = [new Set(row.given), new Set(row.found)];
    for (const label of given) countOf(label).given++;
    for (const label of found) {
      const count = countOf(label);
      count.found++;
      if (given.has(label)) count.both++;
    }
  }
  return counts;
}
