import { createHmac } from 'node:crypto';

/**
 * The signature header of a webhook: `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64, once for each secret,
 * so that a receiver may check against the old or the new one while they change over.
 *
 * @param secrets `whsec_` and the key in base64
 * @param timestamp seconds since 1970
 *
 * Source: Standard Webhooks specification, "Signature scheme" (standardwebhooks.com).
 */
export function webhookSignature(secrets: readonly string[], id: string, timestamp: number, body: string): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}
