import { expect, test } from 'vitest';
import { runKoe } from '../support/koe-process.ts';
import { rawFeedback } from '../support/messages.ts';

test.each([
  [['analyze', '--chanel', 'chat'], "unknown option '--chanel'"],
  [['analyze', '--text', '--tenant', 'a/b'], '--tenant must be letters'],
  [['send', 'missing.jsonl'], 'cannot read missing.jsonl'],
  [['send', 'src'], 'cannot read src: it is a folder'],
  [['pain-points', '--tenant', 'shop', '--since', '1d', '--until', '2d'], '--since must be before --until'],
  [['pain-points', '--tenant', 'shop', '--since', '2026-02-30'], 'is not a time'],
  [['pain-points', '--tenant', 'shop', '--attribute', 'a=1', '--attribute', 'a=2'], 'a is given twice'],
])('koe %j ends with 64, a sentence, and no server started', async (args, sentence) => {
  const { exit, output, errors } = await runKoe(args);
  expect({ exit, output }).toEqual({ exit: 64, output: '' });
  expect(errors).toContain(sentence);
  expect(errors).not.toContain('    at ');
});

test('a misspelt field is named, for it is left out', async () => {
  const input = [1, 2].map((id) => JSON.stringify(rawFeedback({ id: String(id), custmerId: 'c' }))).join('\n');
  const { exit, errors } = await runKoe(['analyze'], { input, environment: { KOE_MODEL: 'none' } });
  expect({ exit, errors }).toEqual({ exit: 0, errors: 'unknown fields were left out: custmerId (2)\n' });
});

test('a model that is not there is told of', async () => {
  const environment = { KOE_MODEL: 'models/enkoder' };
  const { exit, output, errors } = await runKoe(['analyze', '--text'], { input: '良い', environment });
  expect({ exit, output }).toEqual({ exit: 78, output: '' });
  expect(errors).toMatch(/^koe: KOE_MODEL: there is no model in .*enkoder; give its folder, or none/);
});
