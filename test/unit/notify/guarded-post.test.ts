import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, test } from 'vitest';
import { guardedPost } from '../../../src/notify/guarded-post.ts';
import { webhookSignature } from '../../../src/notify/webhook-signature.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/`;
}

const limits = { allowPrivate: true, timeoutMs: 300 };

describe('guardedPost', () => {
  test.each([
    [200, {}, { kind: 'delivered' }],
    [204, {}, { kind: 'delivered' }],
    [500, {}, { kind: 'failed', reason: 'answered 500' }],
    [429, { 'retry-after': '7' }, { kind: 'failed', reason: 'answered 429', retryAfterMs: 7000 }],
    [410, {}, { kind: 'refused', reason: 'answered 410' }],
    [302, { location: '/elsewhere' }, { kind: 'failed', reason: 'answered 302: redirects are not followed' }],
  ])('a receiver that answers %s', async (status, headers, expected) => {
    const paths: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(status, headers).end();
    });
    expect(await guardedPost(url, {}, 'body', limits)).toEqual(expected);
    expect(paths).toEqual(['/']);
  });

  test('a receiver that hangs is given up', async () => {
    const url = await serve(() => {});
    expect(await guardedPost(url, {}, '', limits)).toEqual({ kind: 'failed', reason: 'no answer within 300 ms' });
  });

  test('a receiver that is down may be tried again', async () => {
    expect(await guardedPost('http://127.0.0.1:1/', {}, '', limits)).toEqual({
      kind: 'failed',
      reason: 'ECONNREFUSED',
    });
  });

  test.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'http://10.1.2.3/',
    'http://192.168.0.1/',
    'http://172.20.0.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0.0.0.0/',
  ])('%s is refused unless allowed', async (url) => {
    expect(await guardedPost(url, {}, '', { ...limits, allowPrivate: false })).toMatchObject({ kind: 'refused' });
  });
});

describe('webhookSignature', () => {
  const keys = ['koe-key-of-24-bytes-one!', 'koe-key-of-24-bytes-two!'];
  const [newest = '', oldest = ''] = keys.map((key) => `whsec_${Buffer.from(key).toString('base64')}`);
  const body = JSON.stringify({ type: 'alert.opened', data: { 文: '配送が遅い' } });
  const seconds = Math.floor(Date.now() / 1000);
  const headers = {
    'webhook-id': 'a1.0.ops',
    'webhook-timestamp': String(seconds),
    'webhook-signature': webhookSignature([newest, oldest], 'a1.0.ops', seconds, body),
  };

  test.each([newest, oldest])('is taken by the standard library, with the new and the old secret', (secret) => {
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  });

  test('is refused with another secret, id or body', () => {
    const other = `whsec_${Buffer.from('koe-key-of-24-bytes-bad!').toString('base64')}`;
    expect(() => new Webhook(other).verify(body, headers)).toThrow();
    expect(() => new Webhook(newest).verify(`${body} `, headers)).toThrow();
    expect(() => new Webhook(newest).verify(body, { ...headers, 'webhook-id': 'a1.1.ops' })).toThrow();
  });
});
