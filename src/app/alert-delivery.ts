import { afterQuietHours, isWantedBy, patienceMs, retryDelayMs } from '../alerting/delivery-time.ts';
import { isAnnounced } from '../alerting/life-cycle.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import type { MessageProducer } from '../kafka/producer.ts';
import { type SendingSettings, sendAlert } from '../notify/send-alert.ts';
import { unannouncedChanges } from '../store/alert-changes.ts';
import {
  countSent,
  markAnnounced,
  planDelivery,
  settleDelivery,
  takeDelivery,
  unannouncedAlerts,
} from '../store/alert-deliveries.ts';
import type { Database } from '../store/database.ts';
import type { AlertObserver } from './metrics-observers.ts';

const [minuteMs, hourMs] = [60_000, 3_600_000];
const alertsPerRound = 100;

/** Where changes of alerts go. */
export interface DeliveryParts {
  readonly database: Database;
  readonly producer: MessageProducer;
  /** The alert topic. */
  readonly topic: string;
  readonly channels: readonly AlertChannel[];
  readonly sending: SendingSettings;
  readonly zoneOffsetMs: number;
  readonly observer: AlertObserver;
  readonly now: () => number;
}

/**
 * Publishes changes of alerts to their topic and puts them into the outbox of each channel that wants them. A fault in
 * between repeats both: changes keep their ids.
 *
 * @returns how many alerts were announced
 */
export async function announceChanges(parts: DeliveryParts): Promise<number> {
  const { database, producer, topic, channels, zoneOffsetMs } = parts;
  const alerts = await unannouncedAlerts(database, alertsPerRound);
  for (const document of alerts) {
    const changes = unannouncedChanges(document);
    const key = `${document.tenant}/${document.id}`;
    await producer.send(changes.map(({ change }) => ({ topic, key, value: JSON.stringify(change) })));
    for (const { entry } of changes) parts.observer.published(entry.event);
    const now = parts.now();
    for (const { change } of changes.filter(({ entry }) => isAnnounced(document, entry))) {
      const { tenant, rule, severity, incident } = change.data;
      for (const channel of channels.filter((one) => isWantedBy(one, { tenant, rule, severity: severity.level }))) {
        const dueAt = afterQuietHours(channel, severity.level, now, zoneOffsetMs);
        const groupMs = channel.groupMinutes * minuteMs;
        await planDelivery(database, { channel: channel.id, incident, change, dueAt, groupMs }, now);
      }
    }
    await markAnnounced(database, document);
  }
  return alerts.length;
}

/**
 * Gives up one message to a channel that is no longer configured.
 *
 * @returns whether there was one
 */
export async function giveUpNext({ database, channels, now }: DeliveryParts): Promise<boolean> {
  const delivery = await takeDelivery(database, { noneOf: channels.map(({ id }) => id) }, now());
  if (delivery === undefined) return false;
  const reason = 'there is no such channel any more';
  await settleDelivery(database, delivery._id, { status: 'failed', reason });
  return true;
}

/**
 * Sends one message to a channel that is due and writes down what became of it. Channels are served side by side, so
 * that one that hangs does not hold up the others.
 *
 * @returns whether there was one
 */
export async function deliverNext(
  { database, sending, observer, now }: DeliveryParts,
  channel: AlertChannel,
): Promise<boolean> {
  const delivery = await takeDelivery(database, channel.id, now());
  if (delivery === undefined) return false;
  const { _id: id, changes, attempts, createdAt } = delivery;
  if ((await countSent(database, channel.id, now() - hourMs)) >= channel.perHour) {
    await settleDelivery(database, id, { status: 'untried', reason: 'too many messages', dueAt: now() + minuteMs });
    return true;
  }
  const result = await sendAlert(channel, { id, changes }, sending);
  if (result.kind === 'delivered') {
    observer.tried(channel.kind, 'sent');
    await settleDelivery(database, id, { status: 'sent', at: now() });
    return true;
  }
  const { kind, reason } = result;
  if (kind === 'refused' || now() - createdAt.getTime() > patienceMs) {
    observer.tried(channel.kind, 'failed');
    await settleDelivery(database, id, { status: 'failed', reason });
    return true;
  }
  observer.tried(channel.kind, 'waiting');
  const dueAt = now() + retryDelayMs(attempts, Math.random(), result.retryAfterMs);
  await settleDelivery(database, id, { status: 'waiting', reason, dueAt });
  return true;
}
