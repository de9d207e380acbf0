import type { Alert } from '../../src/domain/alert.ts';
import type { EnrichedRecord } from '../../src/domain/record.ts';
import type { BacktestReport } from '../../src/store/churn-backtest-query.ts';
import type { ChurnReport } from '../../src/store/churn-risks.ts';
import type { CustomerReport } from '../../src/store/customer-query.ts';
import type { DriverReport } from '../../src/store/driver-query.ts';
import type { EmergingReport } from '../../src/store/emerging-query.ts';
import type { OpinionReport } from '../../src/store/opinion-query.ts';
import type { SurveyReport } from '../../src/store/survey-query.ts';
import type { VoiceReport } from '../../src/store/voice-query.ts';
import { westernRegions } from '../../src/world/catalogue.ts';
import type { WorldFacts } from '../../src/world/facts.ts';

/** Something that is true of the demo's world, and what must therefore be found. */
export interface Finding {
  readonly title: string;
  /** What is true, for a reader. */
  readonly truth: string;
  /** A command after `koe`, without the tenant; or a path of the API. */
  readonly asks: string;
  /** What is wrong with the answer; empty if the truth is found. */
  readonly missing: (answer: never) => string[];
}

const finding = <Answer>(
  title: string,
  truth: string,
  asks: string,
  checks: (answer: Answer) => Readonly<Record<string, boolean>>,
): Finding => ({
  title,
  truth,
  asks,
  missing: (answer) => Object.entries(checks(answer)).flatMap(([what, holds]) => (holds ? [] : [what])),
});

const halfHourMs = 1_800_000;

/** What there is to find, in the order in which it is best read. */
export function findings(facts: WorldFacts): Finding[] {
  const { outage, bottle, drift, gifts, driver, conversations, copies, advertisements } = facts;
  return [
    finding<VoiceReport>(
      'What hurts',
      'Yesterday from 13:00 to 18:00 (Japan) the app fell down after a release. No other week had so many defects.',
      'pain-points --since 7d --limit 5',
      ({ points: [first] }) => ({
        'defects come first': first?.topic === 'defect',
        'their share has surely risen': (first?.change?.q ?? 1) <= 0.05 && (first?.change?.growth ?? 9) > 1,
        'revenue at risk is known': first?.revenueAtRisk !== undefined,
      }),
    ),
    finding<Alert[]>(
      'Who is told, and when',
      `The outage of version ${outage.version} is an alert within minutes; so are the slow drift of deliveries, a customer of the dearest plan who wants to leave, and a pot that smokes.`,
      'alerts list --since 3d',
      (alerts) => {
        const of = (rule: string) => alerts.filter((alert) => alert.rule === rule);
        const spike = of('spike').find(({ topic, channel }) => topic === 'defect' && channel === outage.channel);
        const at = Date.parse(spike?.first.window.until ?? '');
        return {
          'the outage is a spike': spike !== undefined,
          'it is found within half an hour': at >= outage.from && at <= outage.from + halfHourMs,
          'the opinion emerges': of('emerging').some(({ subject }) => subject === outage.opinion),
          'deliveries drift': of('drift').some(({ topic }) => topic === drift.topic),
          'a customer of the dearest plan wants to leave': of('vip-cancel').length > 0,
          'safety comes first': of('safety').length > 0,
        };
      },
    ),
    finding<EmergingReport>(
      'What is new',
      'Nobody spoke of an app that falls down, nor of a lid that is hard to open, before the release of yesterday and the new bottle of ten days ago.',
      'emerging --since 7d',
      ({ opinions }) => ({
        'the app': opinions.some(({ term }) => term === outage.opinion),
        'the lid': opinions.some(({ term, q }) => term === bottle.opinion && q < 0.01),
      }),
    ),
    finding<VoiceReport>(
      'A slow drift',
      `For three weeks deliveries to ${drift.regions.join(', ')} have got a little worse every day.`,
      `pain-points --since 7d --topic ${drift.topic} --by region`,
      ({ points: [point] }) => {
        const sum = (isWestern: boolean) => {
          const rows = (point?.attribute ?? []).filter(
            ({ value }) => westernRegions.some((region) => region === value) === isWestern,
          );
          const total = (field: 'voices' | 'count') => rows.reduce((all, row) => all + row[field], 0);
          return total('voices') / Math.max(1, total('count'));
        };
        return { 'the west is worse': sum(true) > sum(false) + 0.15 };
      },
    ),
    finding<DriverReport>(
      'What drives the NPS',
      'Waiting costs recommendations. Narrow shops are complained of together with it and cost nothing: they are loud, and mending them would bring little.',
      'drivers --since 90d',
      ({ drivers: report }) => {
        const of = (topic: string) => report?.drivers.find((one) => one.topic === topic);
        const [cause, companion] = [of(driver.cause), of(driver.companion)];
        const louder = report?.drivers.filter(({ loudness }) => loudness < (companion?.loudness ?? 0)) ?? [];
        return {
          'the cause comes first': report?.drivers[0]?.topic === driver.cause,
          surely: (cause?.interval[0] ?? 0) > 50,
          'the companion is blamed': louder.length === 1,
          'but has a fifth of the effect at most': (companion?.effect ?? 99) < (cause?.effect ?? 0) / 5,
        };
      },
    ),
    finding<SurveyReport>(
      'The NPS itself',
      'All answers are on the scale of 0 to 10 that NPS is defined on.',
      'nps --since 90d --by plan',
      ({ scores: { nps } }) => ({
        'more than a thousand answers': (nps?.answers ?? 0) > 1000,
        'an interval': (nps?.interval[1] ?? 0) > (nps?.interval[0] ?? 0),
      }),
    ),
    finding<BacktestReport>(
      'Who would have been known to leave',
      'Most subscribers who leave complained in the weeks before; only some of them used less.',
      'churn backtest',
      ({ backtest }) => {
        const of = (contender: string) => backtest?.results.find((one) => one.contender === contender)?.quality;
        const [fitted, behaviour, base] = [of('fitted'), of('behaviour-only'), of('base-rate')];
        return {
          'there is enough to learn from': (backtest?.learntFrom.departures ?? 0) >= 20,
          'better than behaviour alone': (fitted?.auc ?? 0) > (behaviour?.auc ?? 1) + 0.1,
          'better than the base rate': (fitted?.auc ?? 0) > 0.7 && (fitted?.brier ?? 1) < (base?.brier ?? 0),
          'three times as many in the first tenth': (fitted?.lift ?? 0) > 3,
        };
      },
    ),
    finding<ChurnReport>(
      'Who may leave now',
      'One customer of the dearest plan has complained of bills for weeks, uses little, and said yesterday that it is enough.',
      'churn list --limit 5',
      ({ listed: [first] }) => ({
        'the customer comes first': first?.band === 'critical' && first.mrr === 7800,
        'because of what was said': first?.contributions.some(({ feature }) => feature === 'cancelIntent') === true,
      }),
    ),
    finding<CustomerReport>(
      'One customer',
      'The same customer, with everything that is known.',
      `customer ${facts.leaver.customer} --limit 12`,
      ({ risk, moments }) => ({
        'a risk with reasons': (risk?.contributions.length ?? 0) > 2,
        'events and feedback': new Set(moments.map(({ kind }) => kind)).size === 2,
      }),
    ),
    finding<OpinionReport>(
      'A season',
      'From seven and a half to five and a half weeks ago people asked for presents to be wrapped, and then no more.',
      'opinions --since 52d --until 38d --sign 0 --limit 5',
      ({ opinions: [first] }) => ({
        'the wish of the season': first?.key === gifts.opinion,
        'it was not there before': (first?.change?.q ?? 1) <= 0.05,
      }),
    ),
    finding<{ course: string; tippedBy?: string }>(
      'A conversation that recovers',
      'A kettle that does not work is replaced.',
      `conversation ${conversations.recovers}`,
      ({ course }) => ({ 'it recovers': course === 'recovered' }),
    ),
    finding<{ course: string }>(
      'A conversation that worsens',
      'The same answer three times.',
      `conversation ${conversations.worsens}`,
      ({ course }) => ({ 'it worsens': course === 'worsened' }),
    ),
    finding<{ items: EnrichedRecord[] }>(
      'Advertisements',
      `Three weeks ago ${advertisements.count} advertisements were posted as reviews within two hours. They carry no labels and count nowhere.`,
      '/v1/feedback?since=30d&channel=review&q=副業&limit=3',
      ({ items }) => ({
        'there are some': items.length === 3,
        'all are spam': items.every(({ status, topics }) => status === 'spam' && topics.length === 0),
      }),
    ),
    finding<{ items: EnrichedRecord[] }>(
      'Copies',
      `One customer sent the same review ${copies.count} times. All are kept, and one is counted.`,
      '/v1/feedback?since=30d&q=保温ポットの蓋に傷&limit=50',
      ({ items }) => ({
        'all are there': items.length === copies.count,
        'one is no copy': items.filter(({ duplicateOf }) => duplicateOf === undefined).length === 1,
      }),
    ),
  ];
}
