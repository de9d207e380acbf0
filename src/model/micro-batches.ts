/** How large a micro-batch may be. A single item may be longer than `tokens`. */
export interface BatchLimits {
  readonly rows: number;
  /** Of all rows together, padded to the longest. */
  readonly tokens: number;
}

/**
 * Groups items of like length, so that little is computed on padding and no batch outgrows the cache: shortest first,
 * every item in exactly one group.
 */
export function microBatches<Item>(
  items: readonly Item[],
  lengthOf: (item: Item) => number,
  { rows, tokens }: BatchLimits,
): Item[][] {
  const groups: Item[][] = [];
  let group: Item[] = [];
  for (const item of items.toSorted((a, b) => lengthOf(a) - lengthOf(b))) {
    // Items come in the order of their length, so the newest is the longest.
    const padded = (group.length + 1) * lengthOf(item);
    if (group.length > 0 && (group.length === rows || padded > tokens)) {
      groups.push(group);
      group = [];
    }
    group.push(item);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
