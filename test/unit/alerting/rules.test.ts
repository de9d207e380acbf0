import { expect, test } from 'vitest';
import { silenceP } from '../../../src/alerting/rule-checks.ts';
import { parseRule, parseRuleFile } from '../../../src/alerting/rule-file.ts';
import { loadAlertRules } from '../../../src/app/alert-assets.ts';
import { topicIds } from '../../../src/domain/labels.ts';

const safety = {
  id: 'fire',
  kind: 'message',
  flags: ['safety'],
  examples: [{ fires: true, feedback: { flags: ['safety'] } }],
};

test('the rules that koe brings do what their examples say, and every topic has somebody who acts', async () => {
  const file = await loadAlertRules();
  expect(parseRuleFile(JSON.parse(JSON.stringify(file)))).toEqual(file);
  expect(Object.keys(file.routing).sort()).toEqual([...topicIds].sort());
});

test('a rule that does not do what its example says is refused with the number of the example', () => {
  expect(parseRule(safety)).toMatchObject({ id: 'fire', enabled: true, confidence: 0.5 });
  const wrong = { ...safety, examples: [...safety.examples, { fires: true, feedback: { flags: ['abuse'] } }] };
  expect(() => parseRule(wrong)).toThrow('fire: it does not do what its example 2 says');
});

test.each([
  [{ ...safety, flags: undefined }, 'a message rule asks for flags or intents'],
  [{ ...safety, flags: ['fire'] }, 'flags.0'],
  [{ ...safety, examples: [] }, 'examples'],
  [{ ...safety, colour: 'red' }, 'colour'],
  [
    { id: 'm', kind: 'metric', metric: 'nps', hours: 1, fewest: 1, examples: [{ fires: true, value: 1, size: 1 }] },
    'above or below',
  ],
])('%o is refused', (rule, why) => {
  expect(() => parseRule(rule)).toThrow(why);
});

test('the probability of a silence is that of zeros', () => {
  expect(silenceP([1, 2], 0)).toBeCloseTo(Math.exp(-3));
  expect(silenceP([2], 0.5)).toBeCloseTo(0.25);
});
