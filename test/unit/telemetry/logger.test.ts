import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger } from '../../../src/telemetry/logger.ts';

function logged(fields: object): Record<string, unknown> {
  let line = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      line += chunk;
      done();
    },
  });
  createLogger({ level: 'info', name: 'test' }, sink).warn(fields, 'something');
  return JSON.parse(line);
}

test('an error is told with its causes, each once', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const { err } = logged({ err: new Error('MongoDB cannot be reached', { cause }) });
  expect(err).toMatchObject({
    type: 'Error',
    message: 'MongoDB cannot be reached',
    cause: { type: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
  });
});

test("what clients attach to errors may hold customers' words and stays out", () => {
  const error = Object.assign(new Error('Document failed validation'), {
    writeErrors: [{ err: { op: { text: '電池がすぐ切れます。' } } }],
    options: { credentials: { password: 'secret' } },
  });
  const line = JSON.stringify(logged({ err: new AggregateError([error], 'several', { cause: error }) }));
  expect(line).toContain('Document failed validation');
  expect(line).not.toMatch(/電池|secret/);
});

test('secrets and texts are left out by their names', () => {
  expect(logged({ text: 'x', settings: { password: 'x', uri: 'x' } })).not.toMatchObject({ text: 'x' });
  expect(logged({ settings: { password: 'x', uri: 'x', topic: 'y' } }).settings).toEqual({ topic: 'y' });
});
