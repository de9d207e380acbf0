import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { scoreChurn } from '../../src/app/churn-score.ts';
import { deadLetterOf } from '../../src/kafka/dead-letter.ts';
import { writeAlert } from '../../src/store/alerts.ts';
import { createRecordStore } from '../../src/store/records.ts';
import { refreshRollups } from '../../src/store/rollups.ts';
import { alertDocument } from './alerts.ts';
import type { TestApi } from './api.ts';
import { message, rawFeedback } from './messages.ts';
import { enrichedRecord } from './records.ts';
import { storeWorld, tenant } from './world.ts';

/** Commands of the page, and what they are said to answer: its kind (`json`, `csv`, `text`) and the text. */
export interface PageExample {
  readonly command: string;
  readonly answer?: { readonly kind: string; readonly text: string };
}

/** The examples of docs/api.md, in its order. */
export function readApiPage(): PageExample[] {
  const page = readFileSync('docs/api.md', 'utf8');
  const blocks = page.matchAll(/```sh\n(.*?)```\n(?:\n```(json|csv|text)\n(.*?)```\n)?/gs);
  return [...blocks].map(([, command = '', kind, text]) => ({
    command: command.trim(),
    ...(kind !== undefined && text !== undefined && { answer: { kind, text } }),
  }));
}

/** When the page's examples are asked: 22 November 2026, 21:00 in Tokyo. */
export const pageTime = Date.parse('2026-11-22T12:00:00Z');

/** The alert of the page's examples. */
export const pageAlert = alertDocument({ beganAt: new Date(pageTime - 3_600_000) });

/** Stores everything that the page's examples ask for. */
export async function storePageWorld({ database, topics, customer, producer }: TestApi): Promise<void> {
  const now = pageTime;
  await storeWorld(database, now, customer);
  const turn = (id: string, minute: number, score: number) =>
    enrichedRecord({
      id,
      tenant,
      channel: 'chat',
      occurredAt: new Date(now - 86_400_000 * 20 + minute * 60_000).toISOString(),
      conversation: { id: 'talk-1', turn: minute, author: 'customer' },
      sentiment: { label: score < 0 ? 'negative' : 'positive', score, confidence: 0.9 },
    });
  await createRecordStore(database).save([turn('talk-1-1', 0, -0.6), turn('talk-1-2', 9, 0.7)]);
  while ((await refreshRollups(database, 100)) > 0);
  await scoreChurn(database, { tenant, at: new Date(now), topic: topics.churn, send: async () => {} });
  await writeAlert(database, pageAlert, undefined);
  const reject = (id: string) => {
    const received = message(rawFeedback({ id, customerId: 'taro', text: undefined }), {
      topic: topics.feedback.review,
      key: Buffer.from('shop/taro'),
    });
    const why = { kind: 'dead-letter', code: 'KOE_FIELD_MISSING', detail: 'text: required', step: 'decode' } as const;
    return deadLetterOf(received, why, topics.deadLetters, now);
  };
  await producer.send([reject('r-8'), reject('r-9')]);
}

/** Runs an example in a folder and returns what it prints; throws when it fails. */
export async function runExample(command: string, api: TestApi, folder: string): Promise<string> {
  const environment = { PATH: process.env.PATH, KOE: api.url, KEY: api.keys.admin };
  const { stdout } = await promisify(execFile)('sh', ['-ec', command], { cwd: folder, env: environment });
  return stdout;
}
