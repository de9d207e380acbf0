import { lookup } from 'node:dns';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** What came of a request. */
export type PostResult =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused' | 'failed'; readonly reason: string; readonly retryAfterMs?: number };

/** Where requests may go and how long they may take. */
export interface PostLimits {
  /** Whether loopback and private addresses may be called. */
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
}

const inside = privateAddresses();
/** An answer that takes longer than this to say something is not waited for; bytes. */
const mostAnswerBytes = 65_536;

/**
 * Sends a body by POST. Follows no redirects, and connects to no loopback, private, link-local or reserved address
 * unless allowed: the address is checked where the socket is opened, so that a name cannot change in between.
 *
 * @returns `failed` for what may be tried again, `refused` for what will not change by itself
 *
 * Source: OWASP, "Server-Side Request Forgery Prevention Cheat Sheet".
 */
export function guardedPost(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  { allowPrivate, timeoutMs }: PostLimits,
): Promise<PostResult> {
  const address = new URL(url);
  const host = address.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) !== 0 && isInside(host)) {
    return Promise.resolve({ kind: 'refused', reason: `${host} is a private address` });
  }
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    signal: AbortSignal.timeout(timeoutMs),
    agent: false,
    ...(!allowPrivate && { lookup: publicLookup }),
  };
  return new Promise((resolve) => {
    const send = address.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(address, options, (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostAnswerBytes) response.destroy();
      });
      response.on('error', () => {});
      response.on('close', () => resolve(resultOf(status, answered['retry-after'])));
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error instanceof PrivateAddress) resolve({ kind: 'refused', reason: error.message });
      else if (error.name === 'AbortError' || error.name === 'TimeoutError')
        resolve({ kind: 'failed', reason: `no answer within ${timeoutMs} ms` });
      else resolve({ kind: 'failed', reason: error.code ?? error.name });
    });
    request.end(body);
  });
}

class PrivateAddress extends Error {}

/** Resolves a name, and fails if any of its addresses is private. */
const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, '');
    const hidden = addresses.find(({ address }) => isInside(address));
    const [first] = addresses;
    if (hidden !== undefined) return done(new PrivateAddress(`${host} resolves to a private address`), '');
    if (options.all === true) return done(null, addresses);
    return done(null, first?.address ?? '', first?.family);
  });
};

function resultOf(status: number, retryAfter: string | undefined): PostResult {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const reason = `answered ${status}`;
  if (status === 410) return { kind: 'refused', reason };
  if (status >= 300 && status < 400) return { kind: 'failed', reason: `${reason}: redirects are not followed` };
  const wait = retryAfterMs(retryAfter);
  return { kind: 'failed', reason, ...(wait !== undefined && { retryAfterMs: wait }) };
}

/** Seconds or a date, RFC 9110, 10.2.3. */
function retryAfterMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const wait = /^\d{1,6}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.min(86_400_000, Math.max(0, wait));
}

function isInside(address: string): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  // An IPv4 address in the form of an IPv6 one reaches the same machine.
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  return mapped === undefined ? inside.check(address, family) : inside.check(mapped, 'ipv4');
}

/** Source: IANA special-purpose address registries for IPv4 and IPv6. */
function privateAddresses(): BlockList {
  const list = new BlockList();
  const v4 =
    '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4';
  const v6 = '::/128 ::1/128 ::ffff:0:0/96 64:ff9b::/96 2001::/32 2002::/16 fc00::/7 fe80::/10 ff00::/8';
  for (const [family, blocks] of [
    ['ipv4', v4],
    ['ipv6', v6],
  ] as const) {
    for (const block of blocks.split(' ')) {
      const [net = '', prefix] = block.split('/');
      list.addSubnet(net, Number(prefix), family);
    }
  }
  return list;
}
