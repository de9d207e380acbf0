import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiAccess, ApiRole } from '../domain/api-key.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

/** An API key as MongoDB holds it: of the secret only a digest. */
export interface ApiKeyDocument {
  /** Public part of the key. */
  readonly _id: string;
  readonly tenant: string;
  readonly role: ApiRole;
  /** What or whom it is for. */
  readonly name: string;
  /** SHA-256 of the secret, hexadecimal. A secret of 256 random bits needs no slow hash. */
  readonly digest: string;
  readonly createdAt: Date;
  readonly revokedAt?: Date;
}

type Keys = Pick<Database, 'apiKeys'>;

const form = /^koe_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/**
 * Makes a key.
 *
 * @returns the key, which cannot be read again
 */
export async function createApiKey(
  { apiKeys }: Keys,
  { tenant, role, name }: Pick<ApiKeyDocument, 'tenant' | 'role' | 'name'>,
): Promise<string> {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const document = { _id: id, tenant, role, name, digest: digestOf(secret).toString('hex'), createdAt: new Date() };
  await withMongo(() => apiKeys.insertOne(document));
  return `koe_${id}_${secret}`;
}

/** What a key gives access to; undefined for one that is not known, not whole, or revoked. */
export async function findAccess({ apiKeys }: Keys, key: string): Promise<ApiAccess | undefined> {
  const [, id, secret] = form.exec(key) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  const found = await withMongo(() => apiKeys.findOne({ _id: id }));
  if (found === null || found.revokedAt !== undefined) return undefined;
  if (!timingSafeEqual(digestOf(secret), Buffer.from(found.digest, 'hex'))) return undefined;
  return { keyId: id, tenant: found.tenant, role: found.role, name: found.name };
}

/** All keys, without their digests, oldest first. */
export function listApiKeys({ apiKeys }: Keys): Promise<Omit<ApiKeyDocument, 'digest'>[]> {
  return withMongo(() =>
    apiKeys.find({}).sort({ createdAt: 1 }).project<Omit<ApiKeyDocument, 'digest'>>({ digest: 0 }).toArray(),
  );
}

/** Makes a key useless; false when there is none with this id, or it was revoked before. */
export async function revokeApiKey({ apiKeys }: Keys, id: string): Promise<boolean> {
  const filter = { _id: id, revokedAt: { $exists: false } };
  const { matchedCount } = await withMongo(() => apiKeys.updateOne(filter, { $set: { revokedAt: new Date() } }));
  return matchedCount === 1;
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
