import type { Alert } from '../domain/alert.ts';
import { severities } from '../domain/analysis.ts';
import type { ChurnBand } from '../domain/churn-change.ts';

const gravest = ['safety', 'privacy'];
const gravestBand: ChurnBand = 'critical';

/** How grave an alert seems, with the reasons: a suggestion, from counts and not from feelings. */
export function severityOf({
  kind,
  subject,
  topic,
  latest,
  evidence,
}: Pick<Alert, 'kind' | 'subject' | 'topic' | 'latest' | 'evidence'>): Alert['severity'] {
  const { observed, expected, q } = latest;
  const reasons = [
    kind === 'message' && 'a customer said what should not wait',
    kind === 'churn-band' && subject === gravestBand && 'customers are about to leave',
    topic !== undefined && gravest.includes(topic) && `it is about ${topic}`,
    expected !== undefined && observed >= 5 * Math.max(expected, 1) && `${observed} against ${expected} expected`,
    q !== undefined && q < 0.0001 && 'chance hardly explains it',
    evidence.customers.count >= 20 && `${evidence.customers.count} customers are affected`,
    evidence.customers.revenue >= 1_000_000 && `they pay ${evidence.customers.revenue} a month`,
  ].filter((reason) => reason !== false);
  return { level: severities[Math.min(reasons.length, severities.length - 1)] ?? 'low', reasons };
}
