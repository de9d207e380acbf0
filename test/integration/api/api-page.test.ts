import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../support/api.ts';
import { pageTime, readApiPage, runExample, storePageWorld } from '../../support/api-page.ts';
import { temporaryFolder } from '../../support/folder.ts';

const examples = readApiPage();
let api: TestApi;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  api = await startTestApi(pageTime);
  await storePageWorld(api);
  folder = await temporaryFolder();
}, 180_000);

afterAll(async () => {
  await api.close();
  await folder.remove();
});

/** What a shortened answer shows and the real one does not have, by its path; undefined when it shows nothing else. */
function untrue(shown: unknown, real: unknown, path = 'answer'): string | undefined {
  if (Array.isArray(shown) && Array.isArray(real)) {
    let from = 0;
    for (const [at, element] of shown.entries()) {
      const found = real.findIndex((one, place) => place >= from && untrue(element, one) === undefined);
      if (found < 0) return `${path}.${at}: ${JSON.stringify(real)}`;
      from = found + 1;
    }
    return undefined;
  }
  if (typeof shown === 'object' && shown !== null && typeof real === 'object' && real !== null) {
    const fields = real as Record<string, unknown>;
    const wrong = Object.entries(shown).map(([name, value]) => untrue(value, fields[name], `${path}.${name}`));
    return wrong.find((one) => one !== undefined);
  }
  const isSame =
    typeof shown === 'number' && typeof real === 'number'
      ? Math.abs(shown - real) <= 1e-9 + 1e-3 * Math.abs(real)
      : typeof shown === 'string' && typeof real === 'string' && shown.endsWith('…')
        ? real.startsWith(shown.slice(0, -1))
        : shown === real;
  return isSame ? undefined : `${path}: ${JSON.stringify(real)}`;
}

test.each(examples)('$command', async ({ command, answer }) => {
  const output = await runExample(command, api, folder.path);
  if (answer?.kind === 'json') expect(untrue(JSON.parse(answer.text), JSON.parse(output))).toBeUndefined();
  else
    expect(
      output
        .replaceAll('\r', '')
        .replace(/^\ufeff/, '')
        .trimEnd(),
    ).toBe(answer?.text.trimEnd());
});

test('every route has an example', async () => {
  const { paths } = (await api.ask('/openapi.json')).body as { paths: Record<string, Record<string, unknown>> };
  const commands = examples.map(({ command }) => command.replaceAll('\\\n', ' ')).join('\n');
  const asked = new Set(
    [...commands.matchAll(/curl (.*?)\$KOE(\/[^"? ]*)(.*)/g)].map(([, before = '', path = '', after = '']) => {
      const given = / -X ([A-Z]+)/.exec(before)?.[1];
      return `${given ?? (/ -d ['"@]/.test(after) && !before.includes(' -G') ? 'POST' : 'GET')} ${path}`;
    }),
  );
  const acts = [...commands.matchAll(/^act (\w+)/gm)].map(([, act]) => `POST /v1/alerts/$ALERT/${act}`);
  const covers = (route: RegExp) => [...asked, ...acts].some((one) => route.test(one));
  const missing = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations)
      .map((method) => `${method.toUpperCase()} ${path}`)
      .filter((route) => !covers(new RegExp(`^${route.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`))),
  );
  expect(missing).toEqual([]);
});

test('a shortened answer that says something else is told', () => {
  const real = { a: [{ b: 1, c: 'long text' }, { b: 2 }], d: 0.12345 };
  expect(untrue({ a: [{ b: 2 }], d: 0.1234 }, real)).toBeUndefined();
  expect(untrue({ a: [{ c: 'long…' }, { b: 2 }] }, real)).toBeUndefined();
  for (const wrong of [
    { a: [{ b: 3 }] },
    { a: [{ b: 2 }, { b: 1 }] },
    { d: 0.13 },
    { e: 1 },
    { a: [{ c: 'short…' }] },
  ]) {
    expect(untrue(wrong, real)).toBeTypeOf('string');
  }
});
