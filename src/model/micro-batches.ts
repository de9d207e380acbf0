/**
 * Groups items of like length, so that little is computed on padding: shortest first, at most `size` items a group,
 * every item in exactly one.
 */
export function microBatches<Item>(items: readonly Item[], lengthOf: (item: Item) => number, size: number): Item[][] {
  const sorted = items.toSorted((a, b) => lengthOf(a) - lengthOf(b));
  const groups: Item[][] = [];
  for (let start = 0; start < sorted.length; start += size) groups.push(sorted.slice(start, start + size));
  return groups;
}
