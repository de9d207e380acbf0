import type { AlertDocument } from '../../src/store/alert-documents.ts';
import { alertIdOf } from '../../src/store/alerts.ts';

/** A stored alert about late deliveries, opened an hour ago, with changes. */
export function alertDocument({
  beganAt = new Date(Date.now() - 3_600_000),
  ...changes
}: Partial<AlertDocument> = {}): Omit<AlertDocument, 'version' | 'unannounced'> {
  const at = beganAt.toISOString();
  const { tenant = 'shop', rule = 'spike', subject = 'delivery.chat' } = changes;
  const key = `${tenant}/${rule}/${subject}/${at}`;
  const window = { from: new Date(beganAt.getTime() - 3_600_000).toISOString(), until: at };
  const finding = { window, observed: 12, total: 14, expected: 1.5, q: 0.002 };
  return {
    _id: key,
    id: alertIdOf(key),
    tenant,
    rule,
    kind: 'spike',
    subject,
    topic: 'delivery',
    channel: 'chat',
    runs: [{ from: beganAt.getTime(), until: beganAt.getTime() }],
    first: finding,
    latest: finding,
    severity: { level: 'medium', reasons: ['12 against 1.5 expected'] },
    evidence: {
      opinions: [],
      verbatims: [],
      customers: { count: 12, list: ['c1', 'c2'], revenue: 0 },
      segments: [],
      similar: [],
    },
    incident: alertIdOf(key),
    status: 'open',
    reopened: 0,
    history: [{ sequence: 0, event: 'opened', at, by: 'koe' }],
    beganAt,
    firedAt: beganAt,
    announced: 0,
    ...changes,
  };
}
