import { expect, test } from 'vitest';
import { alertMetrics } from '../../../src/app/metrics-observers.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

test('every outcome of the channels there are begins at 0, so that the first fault is an increase', async () => {
  const metrics = createMetrics();
  const observer = alertMetrics(metrics, ['slack']);
  observer.tried('slack', 'waiting');
  observer.published('opened');
  const page = await metrics.registry.metrics();
  expect(page).toContain('koe_alert_deliveries_tried_total{kind="slack",outcome="failed"} 0');
  expect(page).toContain('koe_alert_deliveries_tried_total{kind="slack",outcome="waiting"} 1');
  expect(page).toContain('koe_alert_changes_published_total{event="opened"} 1');
});
