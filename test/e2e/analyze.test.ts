import { expect, test } from 'vitest';
import { recordSchema } from '../../src/domain/record.ts';
import { runKoe } from '../support/koe-process.ts';
import { rawFeedback } from '../support/messages.ts';

const jsonLines = (output: string) =>
  output
    .trim()
    .split('\n')
    .map((line) => recordSchema.parse(JSON.parse(line)));

test('texts are enriched in order by the model, with spans into the text', async () => {
  const input = '画面が見にくいです。でも音は最高👍🏻👍🏻です！\n\n対応が丁寧で助かりました。\n';
  const { exit, output, errors } = await runKoe(['analyze', '--text'], { input });
  expect({ exit, errors }).toEqual({ exit: 0, errors: '' });
  const [first, second] = jsonLines(output);
  expect(first?.provenance.model).toMatch(/^koe-encoder@/);
  expect(first?.sentences.map(({ span }) => first.text.slice(span.start, span.end))).toEqual([
    '画面が見にくいです。',
    'でも音は最高👍🏻👍🏻です！',
  ]);
  expect(first?.sentences.map(({ sentiment }) => sentiment.label)).toEqual(['negative', 'positive']);
  expect(second).toMatchObject({ id: 'line-3', sentiment: { label: 'positive' } });
});

test('JSON lines, the bad ones named by line and field while the others go through', async () => {
  const lines = [
    JSON.stringify(rawFeedback({ id: 'a' })),
    '{',
    JSON.stringify(rawFeedback({ id: 'b', text: undefined })),
    JSON.stringify(rawFeedback({ id: 'c' })),
  ];
  const environment = { KOE_MODEL: 'none' };
  const { exit, output, errors } = await runKoe(['analyze'], { input: lines.join('\n'), environment });
  expect(exit).toBe(65);
  const records = jsonLines(output);
  expect(records.map(({ id }) => id)).toEqual(['a', 'c']);
  expect(records[0]?.provenance.model).toBe('none');
  expect(errors).toBe('line 2: KOE_NOT_JSON: the value is not JSON\nline 3: KOE_FIELD_MISSING: text: required\n');
});

test('a wrong setting ends with one sentence and exit code 78', async () => {
  const { exit, output, errors } = await runKoe(['analyze'], { environment: { KOE_MODLE: 'none' } });
  expect({ exit, output }).toEqual({ exit: 78, output: '' });
  expect(errors).toContain('KOE_MODLE: no such setting; did you mean KOE_MODEL?');
});
