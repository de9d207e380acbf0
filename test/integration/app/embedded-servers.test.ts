import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { joinEmbeddedServer } from '../../../src/app/embedded-servers.ts';
import { openServers } from '../../../src/app/servers.ts';
import { readSettings } from '../../../src/config/settings.ts';
import { temporaryFolder } from '../../support/folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

test('of several that start together one serves and the others join it', async () => {
  const servers = await Promise.all([1, 2, 3].map(() => joinEmbeddedServer('mongo', folder.path)));
  expect(new Set(servers.map(({ address }) => address)).size).toBe(1);
  await Promise.all(servers.map((server) => server.close()));
});

test('an address that a killed process left behind is not believed, even if somebody answers there', async () => {
  const stranger = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => stranger.once('listening', resolve));
  const bound = stranger.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  const left = `127.0.0.1:${bound.port}`;
  await writeFile(join(folder.path, 'address.json'), JSON.stringify({ address: left, owner: 1 }));
  const server = await joinEmbeddedServer('kafka', folder.path);
  expect(server.address).not.toBe(left);
  await server.close();
  stranger.close();
});

test('a server that started is stopped when the other one cannot start', async () => {
  const blocked = join(folder.path, 'mongo');
  await writeFile(blocked, 'a file where a folder should be');
  const settings = readSettings({ KOE_DATA_DIR: folder.path });
  await expect(openServers(settings)).rejects.toThrow('mongo');
  await expect(readFile(join(folder.path, 'kafka', 'lock'))).rejects.toThrow('ENOENT');
});
