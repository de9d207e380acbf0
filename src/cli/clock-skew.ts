/**
 * By how many milliseconds another machine's clock is ahead of ours at least (negative: behind), from its answer and
 * our time before asking and after the answer; 0 when the way of the answer may explain the difference.
 */
export function clockSkewMs(before: number, theirs: number, after: number): number {
  if (theirs > after) return theirs - after;
  return theirs < before ? theirs - before : 0;
}
