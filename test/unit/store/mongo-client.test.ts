import { expect, test } from 'vitest';
import { createClient } from '../../../src/store/mongo-client.ts';

function refusal(uri: string): Error {
  try {
    createClient({ uri, database: 'koe' });
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error(`${uri} was taken`);
}

test.each([
  'mongodb://koe:hunter2',
  'mongodb://koe:hun:hunter2@host/',
  'mongodb://koe:hun@hunter2@host/',
  'mongodb://koe:hun/hunter2@host/',
  'mongodb://koe:hun%hunter2@host/',
  'mongodb://koe@hunter2:x@host/',
  'mongodb://koe:hunter2@host:99999999/',
  'mongodb://koe:hunter2@host:port with blanks/',
  'mongo://koe:hunter2@host/',
  'mongodb://koe:hunter2@host/?tls=perhaps',
  'mongodb+srv://koe:hunter2@host:27017/',
  'koe:hunter2@host',
])('%s is refused without being repeated', (uri) => {
  const error = refusal(uri);
  expect(error).toMatchObject({ name: 'DependencyError', nature: 'permanent' });
  expect(error).not.toHaveProperty('cause');
  expect(`${error.message}${error.stack}`).not.toContain('hunter2');
});

test.each([
  ['mongodb://koe:hunter2@host/?tls=perhaps', 'tls/ssl must be'],
  ['mongodb+srv://koe:hunter2@db:27017/', 'cannot have port number'],
  ['db:27017', 'Invalid scheme'],
])('%s is refused with the reason', (uri, reason) => {
  expect(refusal(uri).message).toContain(reason);
});
