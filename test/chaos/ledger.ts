import { type Feedback, feedbackSchema } from '../../src/domain/feedback.ts';
import { channels } from '../../src/domain/labels.ts';
import { messageKey } from '../../src/domain/message-key.ts';
import type { TopicNames } from '../../src/domain/topics.ts';
import type { Random } from './random.ts';

/** What must become of a message. */
export type Fate = 'store' | 'dead-letter' | 'drop';

/** One message that was made for Kafka. */
export interface SentMessage {
  /** Its place in the ledger, and a header of the message. */
  readonly number: number;
  readonly topic: string;
  readonly key: string;
  readonly value: string | Buffer | null;
  readonly fate: Fate;
  /** Messages of one lane are sent in order. */
  readonly lane: number;
  /** For what is to be stored: the record's key and what decides which of several wins. */
  readonly record?: { readonly key: string; readonly revision: number; readonly occurredAt: number };
  /** When Kafka acknowledged it, in milliseconds since 1970. */
  acknowledgedAt?: number;
}

/** Every message that was made, by number. */
export interface Ledger {
  readonly messages: readonly SentMessage[];
  /** Makes the next message and notes it. */
  make(): SentMessage;
}

const tenants = ['shop', 'bank', 'game'];
const subjects = 400;
const spreadMs = 30 * 3_600_000;
/** How many of the latest pieces may still be corrected. */
const correctable = 2_000;
const texts = [
  '配送が遅くて困りました。問い合わせの返事もまだ来ません。',
  '値段が安くて満足です。また買います。',
  '電池がすぐ切れます。前の機種のほうが良かったです。',
  'サポートの対応が丁寧で助かりました！',
  '画面が見にくいけれど、音はとても良いです。',
  'アプリが何度も落ちる。返金してほしい。',
  'まあまあです。',
  'ログインできません。パスワードの再設定メールも届かないです。',
];

/** Alerts by itself, in the words of the rule for product safety. */
const alarmingText = '充電中にバッテリーから発火して、手をやけどしました。';
const alarmingShare = 0.001;

/** What a ledger is made of. */
export interface LedgerOptions {
  readonly random: Random;
  readonly topics: TopicNames;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether some pieces are sent again in another revision. */
  readonly corrections: boolean;
}

/** Makes a ledger of feedback from few customers and conversations, with corrections, bad messages and tombstones. */
export function openLedger({ random, topics, now, corrections }: LedgerOptions): Ledger {
  const messages: SentMessage[] = [];
  const latest: Feedback[] = [];

  function fresh(number: number): Feedback {
    const channel = random.pick(channels);
    const subject = random.below(subjects);
    return feedbackSchema.parse({
      id: `piece-${number}`,
      tenant: random.pick(tenants),
      channel,
      occurredAt: new Date(now - random.below(spreadMs)).toISOString(),
      text: random.next() < alarmingShare ? alarmingText : random.pick(texts),
      customerId: `customer-${subject}`,
      ...(channel === 'chat' && { conversation: { id: `talk-${subject}`, turn: number, author: 'customer' } }),
    });
  }

  /** A correction, sometimes with a time that moves it to another hour, sometimes older than what is there. */
  function corrected(): Feedback {
    const at = random.below(latest.length);
    const before = latest[at];
    if (before === undefined) throw new Error('nothing to correct');
    const stale = random.next() < 0.2;
    const after: Feedback = {
      ...before,
      revision: Math.max(0, (before.revision ?? 0) + (stale ? -1 : 1)),
      text: random.pick(texts),
      ...(random.next() < 0.3 && { occurredAt: new Date(now - random.below(spreadMs)).toISOString() }),
    };
    if (!stale) latest[at] = after;
    return after;
  }

  function badValue(number: number): string | Buffer {
    const feedback = fresh(number);
    return random.pick<() => string | Buffer>([
      () => '{"id": "broken',
      () => Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
      () => JSON.stringify({ ...feedback, text: undefined }),
      () => JSON.stringify({ ...feedback, text: ' ' }),
      () => JSON.stringify({ ...feedback, occurredAt: '1970-01-01T00:00:00Z' }),
    ])();
  }

  function next(number: number): SentMessage {
    const chance = random.next();
    const channel = random.pick(channels);
    const key = `shop/customer-${random.below(subjects)}`;
    const unwanted = { number, topic: topics.feedback[channel], key, lane: channels.indexOf(channel) };
    if (chance < 0.01) return { ...unwanted, fate: 'dead-letter', value: badValue(number) };
    if (chance < 0.015) return { ...unwanted, fate: 'drop', value: null };
    const correction = corrections && chance < 0.15 && latest.length > 0;
    const feedback = correction ? corrected() : fresh(number);
    if (!correction) latest[latest.length < correctable ? latest.length : random.below(correctable)] = feedback;
    return message(number, feedback);
  }

  function message(number: number, feedback: Feedback): SentMessage {
    const { tenant, id, revision = 0, occurredAt, channel } = feedback;
    return {
      number,
      topic: topics.feedback[channel],
      key: messageKey(feedback),
      value: JSON.stringify({ ...feedback, attributes: { number } }),
      fate: 'store',
      lane: channels.indexOf(channel),
      record: { key: `${tenant}/${id}`, revision, occurredAt: Date.parse(occurredAt) },
    };
  }

  return {
    messages,
    make() {
      const made = next(messages.length);
      messages.push(made);
      return made;
    },
  };
}
