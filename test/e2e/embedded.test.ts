import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { runKoe, startKoe, startServer } from '../support/koe-process.ts';
import { until } from '../support/until.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

test.each(['kafka', 'mongo'] as const)('koe embedded %s says what is in its way', async (kind) => {
  const server = await startServer(kind, `${folder.path}/one`);
  const port = /:(\d+)/.exec(server.address.replace('mongodb:', ''))?.[1] ?? '';
  const data = `${folder.path}/two`;
  expect(await runKoe(['embedded', kind, '--data', data, '--port', port])).toEqual({
    exit: 64,
    output: '',
    errors: `koe: port ${port} of 127.0.0.1 is taken by another program: choose another --port, or 0 for any free one\n`,
  });
  expect(await runKoe(['embedded', kind, '--data', data, '--host', '192.0.2.1', '--exposed'])).toMatchObject({
    exit: 64,
    errors: 'koe: 192.0.2.1 is no address of this machine\n',
  });
  const locked = await runKoe(['embedded', kind, '--data', `${folder.path}/one`]);
  expect(locked).toMatchObject({ exit: 64, errors: expect.stringContaining('in use by process') });
  await server.kill('SIGTERM');
});

test('koe embedded serves other machines only when told to, and warns', async () => {
  const listen = ['embedded', 'mongo', '--data', folder.path, '--host', '0.0.0.0'];
  const refused = await runKoe(listen);
  expect(refused).toMatchObject({ exit: 64, output: '', errors: expect.stringContaining('--exposed') });
  const exposed = startKoe([...listen, '--exposed']);
  await until(`it serves: ${exposed.errors()}`, () => exposed.output().includes('mongodb://0.0.0.0'), 20_000);
  expect(exposed.errors()).toMatch(/^WARNING: anybody who reaches 0\.0\.0\.0 can read and delete all data/);
  expect(await exposed.kill('SIGTERM')).toBe(0);
});
