import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tourOf } from '../../src/cli/demo-tour.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type KoeProcess, runKoe, startKoe } from '../support/koe-process.ts';
import { until } from '../support/until.ts';

// `npm run world` asks the whole world everything; here a small one shows that the demo does what its last lines say.

const loadingMs = 420_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let environment: Record<string, string>;
let demo: KoeProcess;

beforeAll(async () => {
  folder = await temporaryFolder();
  environment = { KOE_DATA_DIR: folder.path };
  demo = startKoe(['demo', '--size', 'small'], { environment });
  await until(`the demo is loaded: ${demo.errors()}`, () => demo.output().includes('until Ctrl-C'), loadingMs);
}, loadingMs + 10_000);

afterAll(async () => {
  await demo.kill('SIGKILL');
  await folder.remove();
});

test('it has shown pain points and alerts', () => {
  const output = demo.output();
  expect(output).toMatch(/the last days: ([\d,]+) of \1 messages/);
  expect(output.match(/Pain points of the last 7 days/g)).toHaveLength(2);
  expect(output).toMatch(/│ +1 │ 不具合・故障・障害/);
  expect(output).toMatch(/spike +│ defect\.chat/);
  expect(output).toMatch(/emerging +│ アプリ:落ちる:-/);
  expect(output).toMatch(/vip-cancel/);
});

test('every command of the tour answers', async () => {
  const stops = tourOf(Date.now());
  expect(stops.length).toBeGreaterThan(8);
  for (const { command } of stops) {
    expect(demo.output()).toContain(command);
    const args = command.replace('npm run -s koe -- ', '').split(' ');
    const { exit, output, errors } = await runKoe(args, { environment });
    expect({ command, exit, errors }).toEqual({ command, exit: 0, errors: '' });
    expect(output).toMatch(/[┌:]/);
  }
}, 240_000);

test('the API answers with the key that was printed, and no longer once the demo has ended', async () => {
  const [, key = '', address = ''] = /Bearer (\S+?)' '(\S+?)'/.exec(demo.output()) ?? [];
  const response = await fetch(address, { headers: { authorization: `Bearer ${key}` } });
  expect(response.status).toBe(200);
  const report = (await response.json()) as { points: { topic: string }[] };
  expect(report.points[0]?.topic).toBe('defect');
  expect((await fetch(new URL('/docs', address))).status).toBe(200);

  expect(await demo.kill('SIGTERM')).toBe(0);
  await expect(fetch(address)).rejects.toThrow();
  const keys = await runKoe(['keys', 'list', '--json'], { environment });
  expect(JSON.parse(keys.output)).toMatchObject([{ name: 'demo', revokedAt: expect.any(String) }]);
}, 60_000);

test('the page of the world shows what the tour shows', () => {
  const page = readFileSync('docs/demo.md', 'utf8');
  for (const { command } of tourOf(Date.now())) {
    const question = command.replace('npm run -s koe -- ', '').split(' --')[0] ?? '';
    expect(page).toContain(question);
  }
});
