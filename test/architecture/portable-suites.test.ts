import { expect, test } from 'vitest';
import { knownDifferences } from '../support/known-differences.ts';
import { embeddedOnly, findSuites } from '../support/portable-suites.ts';

const suites = findSuites();

test('every suite runs on given servers, or says in portable-suites.ts why it does not', () => {
  const onOwnServers = suites.filter(({ kafka, mongo }) => !kafka && !mongo).map(({ file }) => file);
  expect(onOwnServers).toEqual(Object.values(embeddedOnly).flat().sort());
});

test('known differences are about suites that run on given servers, each once', () => {
  const portable = suites.filter(({ kafka, mongo }) => kafka || mongo).map(({ file }) => file);
  for (const { file } of knownDifferences) expect(portable).toContain(file);
  const tests = knownDifferences.map(({ server, file, test: name }) => `${server} ${file} ${name}`);
  expect(new Set(tests).size).toBe(tests.length);
});
