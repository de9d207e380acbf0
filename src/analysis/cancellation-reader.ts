import type { Cancellation, Cancellations } from './cancellation.ts';
import { readActs } from './cancellation-acts.ts';
import { readExpressionOfLeaving } from './cancellation-rules.ts';

/** Reads what one normalised sentence says of ending a contract, a custom or an order; undefined if nothing. */
export function readCancellation(sentence: string): Cancellations | undefined {
  const byRule = readExpressionOfLeaving(sentence);
  const found = [...(byRule === undefined ? [] : [byRule]), ...readActs(sentence)];
  const decisive = byRule !== undefined && byRule.confidence >= 0.7 ? byRule : strongest(found);
  return decisive && { decisive, parts: found.map(({ span }) => span) };
}

const rank: Readonly<Record<Cancellation['kind'], number>> = { cancel: 3, 'cancel-order': 3, signal: 1, none: 2 };

/** What is wanted outweighs what is told, which outweighs a signal; of equals the surer. */
function strongest(found: readonly Cancellation[]): Cancellation | undefined {
  let best: Cancellation | undefined;
  for (const each of found) {
    const better = best === undefined ? 1 : rank[each.kind] - rank[best.kind] || each.confidence - best.confidence;
    if (better > 0) best = each;
  }
  return best;
}
