import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Alert, AlertChange } from '../../../src/domain/alert.ts';
import { alertChannelSchema } from '../../../src/domain/alert-channel.ts';
import { alertText } from '../../../src/notify/alert-text.ts';
import { sendAlert } from '../../../src/notify/send-alert.ts';

const at = '2026-11-18T05:00:00.000Z';
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const finding = {
  window: { from: '2026-11-18T04:00:00.000Z', until: at },
  observed: 12,
  total: 14,
  expected: 1.5,
  interval: [0, 4] as [number, number],
  q: 0.002,
};
const data: Alert = {
  id: 'abc',
  key: 'abc',
  tenant: 'shop',
  rule: 'spike',
  kind: 'spike',
  subject: 'delivery.chat',
  topic: 'delivery',
  channel: 'chat',
  runs: [],
  first: finding,
  latest: finding,
  severity: { level: 'high', reasons: [] },
  evidence: {
    opinions: [{ term: '配送:遅い:-', count: 9, before: 2 }],
    verbatims: [{ id: 'r', occurredAt: at, sentence: '<!channel> まだ届きません & 遅い' }],
    customers: { count: 12, list: [], revenue: 98_000 },
    segments: [{ term: 'store=上野', count: 7, before: 1 }],
    similar: [{ id: 'old', from: at, status: 'resolved', useful: 1 }],
  },
  owner: 'logistics',
  incident: 'abc',
  status: 'open',
  reopened: 0,
  history: [],
};
const change: AlertChange = { id: 'abc.0', type: 'alert.opened', timestamp: at, data };
const message = { id: 'abc.0.x', changes: [change] };
const limits = { allowPrivate: true, timeoutMs: 2000 };

function portOf(address: unknown): number {
  if (typeof address === 'object' && address !== null && 'port' in address) return Number(address.port);
  throw new Error('no port');
}

test('the text says expected and observed in Japanese and English', () => {
  const ja = alertText([change], 'ja');
  expect(ja.subject).toBe('[koe 高] shop: delivery / chat 発生');
  expect(ja.lines).toContain('観測: 12/14、通常は1.5（95%区間 0〜4） q=0.0020');
  expect(ja.lines).toContain('影響を受けた顧客: 12（月額 98000）');
  expect(ja.lines).toContain('目立つ属性: store=上野 ×7 (1)');
  expect(ja.lines).toContain('過去の類似: 2026-11-18 old resolved');
  const en = alertText([change, change], 'en');
  expect(en.subject).toBe('[koe high] shop: delivery / chat opened (+1)');
  expect(en.lines).toContain('customers affected: 12 (paying 98000 a month)');
  expect(en.lines).toContain('observed: 12/14, usually 1.5 (95 % interval 0–4) q=0.0020');
});

test('what customers wrote calls nobody on Slack', async () => {
  let body = '';
  const server = createHttp((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => response.end('ok'));
  }).listen(0, '127.0.0.1');
  closing.push(() => server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${portOf(server.address())}/hook`;
  const channel = alertChannelSchema.parse({ id: 'x', kind: 'slack', url });
  expect(await sendAlert(channel, message, limits)).toEqual({ kind: 'delivered' });
  const { text, blocks } = JSON.parse(body);
  expect(text).toContain('発生');
  expect(blocks[1].text.text).toContain('&lt;!channel&gt; まだ届きません &amp; 遅い');
});

test('e-mails go out by SMTP, and a server that refuses leaves a reason', async () => {
  const received: string[] = [];
  let refuses = false;
  const server = createServer((socket) => {
    let inData = false;
    socket.write('220 test\r\n');
    socket.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\r\n').filter((one) => one !== '')) {
        received.push(line);
        if (inData && line !== '.') continue;
        if (line === 'DATA') socket.write('354 go on\r\n');
        else if (line.startsWith('MAIL') && refuses) socket.write('550 no\r\n');
        else socket.write('250 ok\r\n');
        inData = line === 'DATA';
      }
    });
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  closing.push(() => server.close());
  await once(server, 'listening');
  const smtpUrl = `smtp://127.0.0.1:${portOf(server.address())}`;
  const given = { id: 'x', kind: 'email', from: 'koe@example.com', to: ['cx@example.com'], language: 'en' };
  const channel = alertChannelSchema.parse(given);
  expect(await sendAlert(channel, message, { ...limits, smtpUrl })).toEqual({ kind: 'delivered' });
  expect(received).toContain('Subject: [koe high] shop: delivery / chat opened');
  expect(received).toContain('Message-ID: <abc.0.x@koe>');
  refuses = true;
  expect(await sendAlert(channel, message, { ...limits, smtpUrl })).toEqual({
    kind: 'failed',
    reason: 'SMTP: EENVELOPE',
  });
  expect(await sendAlert(channel, message, limits)).toMatchObject({
    kind: 'failed',
    reason: 'KOE_SMTP_URL is not set',
  });
});
