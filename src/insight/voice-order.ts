import type { Estimate } from './difference.ts';
import type { Stance } from './feedback-counts.ts';
import type { VoicePoint } from './voice-points.ts';

/** What voice points are sorted by. */
export const voiceOrders = ['volume', 'impact', 'growth', 'revenue'] as const;
export type VoiceOrder = (typeof voiceOrders)[number];

/** What the order looks at. */
export type OrderedPoint = Omit<VoicePoint, 'opinions' | 'channels'> & { readonly revenueAtRisk?: Estimate };

/**
 * Sorts, best evidence first: `volume` by voices, `impact` by points of the net promoter score lost (won, for praise)
 * and by severity where nobody answered, `growth` by how surely the share rose, `revenue` by the revenue at risk.
 * Equal ones go by voices, by the surer share, and by topic.
 */
export function sortPoints<T extends OrderedPoint>(points: readonly T[], stance: Stance, order: VoiceOrder): T[] {
  const rank = ranks[order];
  return [...points].sort(
    (one, other) =>
      rank(other, stance) - rank(one, stance) ||
      other.severity * Number(order === 'impact') - one.severity * Number(order === 'impact') ||
      other.voices - one.voices ||
      other.interval[0] - one.interval[0] ||
      (one.topic < other.topic ? -1 : 1),
  );
}

const ranks: Readonly<Record<VoiceOrder, (point: OrderedPoint, stance: Stance) => number>> = {
  volume: ({ voices }) => voices,
  impact: ({ npsImpact }, stance) => (npsImpact?.points ?? 0) * (stance === 'praise' ? 1 : -1),
  growth: ({ change }) =>
    change === undefined ? 0 : Math.sign((change.growth ?? 2) - 1) * -Math.log(Math.max(change.pValue, 1e-300)),
  revenue: ({ revenueAtRisk }) => revenueAtRisk?.value ?? 0,
};
