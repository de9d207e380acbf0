import { MongoServerError } from 'mongodb';
import { expect, test } from 'vitest';
import { withMongo } from '../../../src/store/mongo-error.ts';

const failing = (error: unknown) => withMongo(() => Promise.reject(error));

test('refused credentials are final', async () => {
  const error = new MongoServerError({ message: 'Authentication failed.', code: 18 });
  await expect(failing(error)).rejects.toMatchObject({ name: 'DependencyError', nature: 'permanent' });
});

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
