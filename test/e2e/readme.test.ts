import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';

const pages = ['README.md', 'README.ja.md'];
const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;
/** These are what CI runs around this very test. */
const runElsewhere = ['npm ci && npm run demo', 'npm ci && npm test'];

const commands = pages.flatMap((page) => {
  const blocks = readFileSync(page, 'utf8').matchAll(/```sh\n(.*?)```/gs);
  return [...blocks].flatMap(([, block = '']) =>
    block
      .trim()
      .split('\n')
      .map((command) => ({ page, command })),
  );
});
const executable = [...new Set(commands.map(({ command }) => command))].filter(
  (command) => !runElsewhere.includes(command),
);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(() => folder.remove());

test('both pages show the same commands', () => {
  expect(new Set(commands.filter(({ page }) => page === 'README.ja.md').map(({ command }) => command))).toEqual(
    new Set(commands.filter(({ page }) => page === 'README.md').map(({ command }) => command)),
  );
});

test('every script that is mentioned exists', () => {
  const text = [...pages, 'AGENTS.md'].map((page) => readFileSync(page, 'utf8')).join('\n');
  for (const [, name = ''] of text.matchAll(/npm run (?:-s )?([a-z:]+)/g)) expect(scripts).toHaveProperty(name);
});

test.each(executable)('%s', async (command) => {
  const environment = { ...process.env, KOE_DATA_DIR: folder.path };
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command], { env: environment });
  expect(`${stdout}${stderr}`).not.toBe('');
});
