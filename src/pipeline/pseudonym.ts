import { createHash, createHmac } from 'node:crypto';

/** Turns customer identifiers into pseudonyms. */
export type Pseudonymizer = (tenant: string, customerId: string) => string;

/**
 * Keyed pseudonyms: HMAC-SHA-256 (RFC 2104) of tenant and identifier, 128 bits in hexadecimal after the id of the
 * key, so that a later key can be told from an earlier one. Without the key nobody can test a guess.
 */
export function createPseudonymizer(key: string): Pseudonymizer {
  const keyId = createHash('sha256').update(`koe pseudonym key id\0${key}`).digest('hex').slice(0, 8);
  return (tenant, customerId) => {
    const digest = createHmac('sha256', key).update(`${tenant}\0${customerId}`).digest('hex');
    return `${keyId}-${digest.slice(0, 32)}`;
  };
}
