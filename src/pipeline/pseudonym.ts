import { createHash, createHmac } from 'node:crypto';

/** Gives customer identifiers the name under which they are stored. */
export type Pseudonymizer = (tenant: string, customerId: string) => string;

/** Pseudonyms under the newest of several keys, and the way to it from those of earlier ones. */
export interface PseudonymKeys {
  readonly pseudonymize: Pseudonymizer;
  /** What every pseudonym under the newest key begins with. */
  readonly prefix: string;
  /**
   * The pseudonym of the same customer under the newest key. `current` for one that has it already, `foreign` for
   * one that none of these keys made.
   */
  renew(tenant: string, pseudonym: string): { readonly pseudonym: string } | 'current' | 'foreign';
}

/**
 * Keyed pseudonyms: HMAC-SHA-256 (RFC 2104) of tenant and identifier, 128 bits in hexadecimal after the id of the key.
 * Without the key nobody can test a guess. Each later key is applied to the pseudonym under the keys before it, so
 * that stored pseudonyms can be brought under a new key without the identifiers, and without a table of who is who.
 *
 * @param keys from the oldest to the newest; at least one
 */
export function createPseudonymKeys(keys: readonly string[]): PseudonymKeys {
  // The id stands for the whole chain: the newest key without those before it makes other names.
  const ids = keys.map((_, index) => keyId(keys.slice(0, index + 1)));
  const under = (index: number, tenant: string, digest: string) => hmac(keys[index] ?? '', `${tenant}\0${digest}`);
  const named = (tenant: string, name: string, from: number) => {
    let digest = name;
    for (let index = from; index < keys.length; index += 1) digest = under(index, tenant, digest);
    return `${ids.at(-1)}-${digest}`;
  };
  return {
    prefix: `${ids.at(-1)}-`,
    pseudonymize: (tenant, customerId) => named(tenant, customerId, 0),
    renew(tenant, pseudonym) {
      const [id = '', digest = ''] = pseudonym.split('-', 2);
      const index = ids.indexOf(id);
      if (index < 0) return 'foreign';
      return index === keys.length - 1 ? 'current' : { pseudonym: named(tenant, digest, index + 1) };
    },
  };
}

function keyId(keys: readonly string[]): string {
  return createHash('sha256')
    .update(`koe pseudonym key id\0${keys.join('\0')}`)
    .digest('hex')
    .slice(0, 8);
}

function hmac(key: string, message: string): string {
  return createHmac('sha256', key).update(message).digest('hex').slice(0, 32);
}
