import { describe, expect, test } from 'vitest';
import { backtestChurn } from '../../../src/insight/churn-backtest.ts';
import { churnFeatures } from '../../../src/insight/churn-features.ts';
import { churnRisk, fitChurnModel, personPeriods, ruleChurnModel } from '../../../src/insight/churn-model.ts';
import { contributionInWords } from '../../../src/insight/churn-words.ts';
import { seededRandom } from '../../../src/insight/seeded-random.ts';
import {
  dayMs,
  leftAt,
  recurringRevenue,
  type Timeline,
  type TimelineFeedback,
} from '../../../src/insight/timeline.ts';

const start = Date.UTC(2026, 0, 1);
const day = (number: number) => start + number * dayMs;

function said(number: number, given: Partial<TimelineFeedback> = {}): TimelineFeedback {
  return { id: `f${number}`, at: day(number), sentiment: 'neutral', score: 0, topics: [], intents: [], ...given };
}

function complained(number: number, topic = 'billing'): TimelineFeedback {
  return said(number, {
    sentiment: 'negative',
    score: -0.8,
    intents: ['complaint'],
    topics: [{ id: topic, polarity: 'negative' }],
  });
}

const quiet: Timeline = {
  customer: 'c',
  events: [{ id: 'e0', at: day(0), type: 'contract-started', mrr: 1000 }],
  feedback: [],
};

describe('features', () => {
  test('know nothing of what comes at their time or after it', () => {
    const later: Timeline = {
      ...quiet,
      events: [...quiet.events, { id: 'e1', at: day(60), type: 'downgraded', mrr: 500 }],
      feedback: [complained(60), said(61, { intents: ['cancel'], recommendation: 0 })],
    };
    expect(churnFeatures(later, day(60))).toEqual(churnFeatures(quiet, day(60)));
  });

  test('complaints are open until something positive comes', () => {
    const open = { ...quiet, feedback: [complained(50), complained(55)] };
    expect(churnFeatures(open, day(60)).openComplaints).toEqual({
      value: 2,
      evidence: ['f55', 'f50'],
      topic: 'billing',
    });
    const closed = { ...quiet, feedback: [...open.feedback, said(57, { sentiment: 'positive', score: 0.9 })] };
    expect(churnFeatures(closed, day(60)).openComplaints.value).toBe(0);
  });

  test('a drop of usage needs usage before it', () => {
    const used = (number: number, count: number) => ({
      id: `u${number}`,
      at: day(number),
      type: 'used' as const,
      count,
    });
    const dropped = { ...quiet, events: [...quiet.events, used(10, 40), used(40, 40), used(80, 10)] };
    expect(churnFeatures(dropped, day(90)).usageDrop.value).toBeCloseTo(0.75, 10);
    expect(churnFeatures(quiet, day(90)).usageDrop.value).toBe(0);
  });
});

test('who comes back has not left, and pays again', () => {
  const events = (...types: ('contract-started' | 'cancelled' | 'renewed')[]) => ({
    events: types.map((type, at) => ({
      id: `${at}`,
      at: day(at),
      type,
      ...(type !== 'cancelled' && { mrr: 10 * at + 10 }),
    })),
  });
  expect(leftAt(events('contract-started', 'cancelled'))).toBe(day(1));
  expect(leftAt(events('contract-started', 'cancelled', 'contract-started'))).toBeUndefined();
  expect(recurringRevenue(events('contract-started', 'cancelled'))).toBe(0);
  expect(recurringRevenue(events('contract-started', 'cancelled', 'contract-started'))).toBe(30);
});

describe('the rule score', () => {
  const angry = {
    ...quiet,
    feedback: [complained(80), complained(85), said(88, { intents: ['cancel'], recommendation: 1 })],
  };

  test('rises with what was said, and its contributions add up', () => {
    const risk = churnRisk(angry, day(90), ruleChurnModel);
    expect(risk.risk).toBeGreaterThan(10 * churnRisk({ ...quiet, feedback: [said(89)] }, day(90), ruleChurnModel).risk);
    expect(risk.band).toBe('critical');
    expect(risk.quarterRisk).toBeGreaterThan(risk.risk);
    const sum = risk.contributions.reduce((total, { added }) => total + added, risk.baseRisk);
    expect(sum).toBeCloseTo(risk.risk, 2);
    expect(risk.contributions[0]).toMatchObject({ feature: 'cancelIntent', evidence: ['f88'] });
  });

  test('is told in words, with the topic by its name', () => {
    const risk = churnRisk(angry, day(90), ruleChurnModel);
    const told = risk.contributions.map((one) => contributionInWords(one, 'ja', () => '請求'));
    expect(told.find((line) => line.includes('苦情'))).toMatch(/^未解決の請求の苦情が14日で2件 \+0\.\d\d$/);
    expect(risk.contributions.map((one) => contributionInWords(one, 'en', () => 'billing')).join()).toMatch(
      /2 open complaints about billing in 14 days \+0\.\d\d/,
    );
  });
});

/** Customers of whom a third complain now and then; complainers leave three times as often. */
function population(count: number): Timeline[] {
  const random = seededRandom(5);
  return Array.from({ length: count }, (_, number): Timeline => {
    const first = Math.floor(random() * 60);
    const feedback: TimelineFeedback[] = [];
    for (let at = first + 30; at < 420; at += 30) {
      const unhappy = random() < 0.25;
      if (unhappy) feedback.push(complained(at - 5), complained(at - 3));
      else if (random() < 0.4) feedback.push(said(at - 4, { sentiment: 'positive', score: 0.8 }));
      if (random() < (unhappy ? 0.3 : 0.015)) {
        const events = [
          { id: 's', at: day(first), type: 'contract-started' as const, mrr: 1000 },
          { id: 'x', at: day(at + 10 * random()), type: 'cancelled' as const },
        ];
        return { customer: `c${number}`, events, feedback };
      }
    }
    return {
      customer: `c${number}`,
      events: [{ id: 's', at: day(first), type: 'contract-started', mrr: 1000 }],
      feedback,
    };
  });
}

describe('a fitted model', () => {
  const timelines = population(600);

  test('beats the base rate, the rules and behaviour alone on periods it has not seen', () => {
    const backtest = backtestChurn(timelines, day(240), day(420));
    const of = (contender: string) => backtest?.results.find((one) => one.contender === contender)?.quality;
    expect(of('fitted')?.auc).toBeGreaterThan(0.75);
    expect(of('fitted')?.auc).toBeGreaterThan((of('behaviour-only')?.auc ?? 1) + 0.1);
    expect(of('fitted')?.brier).toBeLessThan(of('base-rate')?.brier ?? 0);
    expect(of('fitted')?.lift).toBeGreaterThan(2);
    expect(of('fitted')?.calibrationError).toBeLessThan(0.05);
    expect(of('base-rate')?.auc).toBe(0.5);
  });

  test('has learnt that complaints come before departures', () => {
    const model = fitChurnModel(personPeriods(timelines, day(420)));
    expect(model?.weights.openComplaints).toBeGreaterThan(0.3);
  });

  test('is not made from a handful of departures', () => {
    expect(fitChurnModel(personPeriods(timelines.slice(0, 20), day(420)))).toBeUndefined();
    expect(
      backtestChurn(timelines.slice(0, 20), day(240), day(420))?.results.map(({ contender }) => contender),
    ).toEqual(['rule', 'base-rate']);
  });

  test('a back-test needs periods after the split', () => {
    expect(backtestChurn(timelines, day(419), day(420))).toBeUndefined();
  });
});
