import { beforeAll, describe, expect, test } from 'vitest';
import { finishAnalysis, prepareText } from '../../../src/analysis/enrichment.ts';
import { loadEnrichmentAssets, loadTriagePolicy } from '../../../src/analysis/load-assets.ts';
import { createTriage } from '../../../src/analysis/triage.ts';
import { parseTriagePolicy, type TriageRule } from '../../../src/analysis/triage-policy.ts';
import { blockingMs, fastest } from '../text/fastest.ts';

const policy = loadTriagePolicy();
let assets: Awaited<ReturnType<typeof loadEnrichmentAssets>>;
beforeAll(async () => {
  assets = await loadEnrichmentAssets();
});

const flagsOf = (text: string) => finishAnalysis(prepareText(text, assets), undefined, assets).analysis.flags;
const wordsOf = (text: string, id: string) =>
  flagsOf(text)
    .find((flag) => flag.id === id)
    ?.spans?.map(({ start, end }) => text.slice(start, end));

describe.each(policy.rules)('the rule $id', (rule) => {
  test.each(rule.examples)('$text: $severity', ({ text, severity }) => {
    const triage = createTriage({ rules: [rule] });
    const flags = prepareText(text, assets).sentences.flatMap((sentence) => [...triage(sentence).flags]);
    expect(flags.map((flag) => flag.severity ?? 'stated')).toEqual(severity === 'none' ? [] : [severity]);
  });
});

describe('what a text is flagged for', () => {
  test('points at the words, in the original text', () => {
    expect(wordsOf('ｽｲｯﾁを入れたら😱煙が出て、指をやけどしました', 'safety')).toEqual(['煙が出', 'やけどし']);
  });

  test('is as grave as its gravest words, with every reason and each deadline once', () => {
    const [flag] = flagsOf('充電器が発火してやけどをしました。幸い家族にけがはありませんでした。').filter(
      ({ id }) => id === 'safety',
    );
    expect(flag).toMatchObject({ severity: 'critical', reason: '発煙・発火・破裂; けが・やけど・感電・健康被害' });
    expect(flag?.deadlines).toEqual([{ report: '重大製品事故報告（消費者庁）', days: 10 }]);
  });

  test('what is denied or only feared starts no clock', () => {
    expect(flagsOf('落ちたけれど、けがはなかった')).toMatchObject([{ id: 'safety', severity: 'low' }]);
    expect(flagsOf('落ちたけれど、けがはなかった')[0]?.deadlines).toBeUndefined();
  });

  test('a breach of personal data has a preliminary and a final report', () => {
    const [flag] = flagsOf('他人の住所が画面に出てきました').filter(({ id }) => id === 'privacy');
    expect(flag?.deadlines?.map(({ days }) => days)).toEqual([5, 30]);
  });

  test('words that mean nothing rule the flag out, whatever a model says', () => {
    const triage = createTriage(policy);
    const ruledOut = (text: string) =>
      prepareText(text, assets).sentences.flatMap((each) => [...triage(each).ruledOut]);
    expect(ruledOut('異物は入っていませんでした')).toEqual(['safety']);
    expect(ruledOut('異物は入っていなかったが煙が出た')).toEqual([]);
  });
});

describe('a policy', () => {
  const rule: TriageRule = {
    id: 'recall',
    flag: 'safety',
    reason: 'r',
    severity: 'high',
    words: ['回収'],
    examples: [{ text: '回収', severity: 'high' }],
  };

  test('names what is wrong with it, field by field', () => {
    const wrong = { version: '1', rules: [{ ...rule, severity: 'grave', words: [] }] };
    expect(() => parseTriagePolicy(wrong)).toThrow(/rules\.0\.severity: .*; rules\.0\.words: /);
    expect(() => parseTriagePolicy({ version: '1', rules: [rule, rule] })).toThrow('rules: names a rule twice');
    expect(() => parseTriagePolicy({ version: '1', rules: [{ ...rule, exmaples: [] }] })).toThrow('exmaples');
    expect(() => parseTriagePolicy(null)).toThrow('policy: ');
  });

  test('is another version when its content is another', () => {
    const version = (reason: string) => parseTriagePolicy({ version: '1', rules: [{ ...rule, reason }] }).version;
    expect(version('a')).toBe(version('a'));
    expect(version('a')).not.toBe(version('b'));
  });
});

test.each(['発火', '個人情報', '面倒な', '何度も', '火が'])('10,000 units of %j do not block', (unit) => {
  const { sentences } = prepareText(unit.repeat(10_000 / unit.length), assets);
  const triage = createTriage(policy);
  expect(fastest(() => sentences.map(triage))).toBeLessThan(blockingMs);
});
