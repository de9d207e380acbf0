import { MongoNetworkError, MongoServerError, MongoServerSelectionError, type TopologyDescription } from 'mongodb';
import { expect, test } from 'vitest';
import { withMongo } from '../../../src/store/mongo-error.ts';

const failing = (error: unknown) => withMongo(() => Promise.reject(error));
const serverError = (code: number, message = 'no') => new MongoServerError({ message, code });

/** No server could be chosen, because each of them failed with a system error of one of these codes. */
function noServer(...codes: string[]): MongoServerSelectionError {
  const faults = codes.map((code) => new MongoNetworkError('failed', { cause: Object.assign(new Error(), { code }) }));
  const servers = new Map(faults.map((error, at) => [`m${at}:27017`, { error }]));
  return new MongoServerSelectionError('timed out', { servers } as unknown as TopologyDescription);
}

test.each([13, 18, 8000, 59, 73, 115, 121, 334, 10334, 17419, 17420])('code %i is final', async (code) => {
  await expect(failing(serverError(code))).rejects.toMatchObject({ name: 'DependencyError', nature: 'permanent' });
});

// Not primary, shutdown, a change of the addresses of the replica set, full disk, too many operations.
test.each([10107, 91, 303, 14031, 433])('code %i passes', async (code) => {
  await expect(failing(serverError(code))).rejects.toMatchObject({ name: 'DependencyError', nature: 'transient' });
});

test('a missing right is told without the command, which holds what customers wrote', async () => {
  const error = serverError(13, 'not authorized on koe to execute command { insert: "records", text: "田中です" }');
  const told: unknown = await failing(error).catch((reason: unknown) => reason);
  expect(told).toMatchObject({ message: expect.stringContaining('docs/operations.md') });
  expect(told).not.toHaveProperty('cause');
  expect(String(told)).not.toContain('田中');
});

test('a certificate that no server of the set mends is final', async () => {
  await expect(failing(noServer('CERT_HAS_EXPIRED', 'CERT_HAS_EXPIRED'))).rejects.toMatchObject({
    nature: 'permanent',
    message: expect.stringContaining('has expired'),
  });
});

test.each([[['CERT_HAS_EXPIRED', 'ECONNREFUSED']], [['ECONNREFUSED']], [[]]])(
  'servers that fail with %j may come back',
  async (codes) => {
    await expect(failing(noServer(...codes))).rejects.toMatchObject({ nature: 'transient' });
  },
);

test('a name that cannot be looked up may be found later', async () => {
  const error = Object.assign(new Error('querySrv ENOTFOUND _mongodb._tcp.db'), {
    code: 'ENOTFOUND',
    syscall: 'querySrv',
  });
  await expect(failing(error)).rejects.toMatchObject({ name: 'DependencyError', nature: 'transient' });
});

test('a defect passes as it is', async () => {
  const defect = new TypeError('undefined is not a function');
  await expect(failing(defect)).rejects.toBe(defect);
});
