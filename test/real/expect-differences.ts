import { afterAll, beforeEach } from 'vitest';
import { differencesOf } from '../support/known-differences.ts';

// Loaded before every suite on real servers: a test with a known difference has to fail, and has to be there.
const expected = differencesOf(process.env.KOE_TEST_SERVERS ?? '');
const met = new Set<string>();
let file = '';

beforeEach(({ task }) => {
  file = task.file.name;
  if (!expected.some((difference) => difference.file === file && difference.test === task.fullTestName)) return;
  met.add(task.fullTestName);
  Object.assign(task, { fails: true });
});

afterAll(() => {
  const missing = expected.filter((difference) => difference.file === file && !met.has(difference.test));
  if (missing.length > 0) throw new Error(`no such tests in ${file}: ${missing.map(({ test }) => test).join('; ')}`);
});
