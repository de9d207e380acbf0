import type { AlertRule, RuleOf } from '../domain/alert-rule.ts';
import { type ChurnBand, type ChurnChange, churnBands } from '../domain/churn-change.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import { type EmergingTerm, emergingTerms } from '../insight/emerging.ts';
import type { TermCounts } from '../insight/log-odds.ts';
import { type DriftPoint, driftChart } from './drift-detector.ts';
import { detectSpikes } from './spike-detector.ts';
import { sensitivityOf } from './spike-scan.ts';

/** What of a record a message rule looks at. */
export type SaidFeedback = Pick<EnrichedRecord, 'flags' | 'intents' | 'topics' | 'channel' | 'attributes'>;

/** Whether one piece of feedback is what a rule waits for. */
export function messageFires(rule: RuleOf<'message'>, said: SaidFeedback): boolean {
  const sure = (one: { readonly confidence: number }) => one.confidence >= rule.confidence;
  const criticised = said.topics.filter(({ polarity }) => polarity === 'negative');
  return (
    (rule.flags === undefined || said.flags.some((flag) => sure(flag) && rule.flags?.some((id) => id === flag.id))) &&
    (rule.intents === undefined || said.intents.some((one) => sure(one) && rule.intents?.includes(one.id))) &&
    (rule.topics === undefined || criticised.some(({ id }) => rule.topics?.includes(id))) &&
    (rule.channels?.includes(said.channel) ?? true) &&
    Object.entries(rule.attributes ?? {}).every(([name, value]) => String(said.attributes?.[name]) === value)
  );
}

/** Whether a figure of so many pieces of feedback is beyond the rule's limit. */
export function metricFires({ above, below, fewest }: RuleOf<'metric'>, value: number, size: number): boolean {
  if (size < fewest) return false;
  return (above !== undefined && value > above) || (below !== undefined && value < below);
}

/** Opinions that are voiced more now than before. */
export function emergingFires({ q, fewest }: RuleOf<'emerging'>, now: TermCounts, before: TermCounts): EmergingTerm[] {
  return emergingTerms(now, before, { q, count: fewest });
}

/**
 * Whether a silence is news.
 *
 * @param expected usual pieces of feedback in each hour of the silence
 * @param dispersion of those counts
 */
export function noDataFires({ p }: RuleOf<'no-data'>, expected: readonly number[], dispersion: number): boolean {
  return silenceP(expected, dispersion) <= p;
}

/** Probability that hours with these expectations stay without feedback: zeros of negative binomials. */
export function silenceP(expected: readonly number[], dispersion: number): number {
  const nothing = (mean: number) => (dispersion > 0 ? (1 + dispersion * mean) ** (-1 / dispersion) : Math.exp(-mean));
  return expected.reduce((p, mean) => p * nothing(mean), 1);
}

/** The newest point of a chart of daily shares, if it alarms. */
export function driftFires(
  { weight, width }: RuleOf<'drift'>,
  usual: number,
  samples: readonly { readonly share: number; readonly size: number }[],
): DriftPoint | undefined {
  const last = driftChart(usual, samples, { weight, width }).at(-1);
  return last?.alarm === true ? last : undefined;
}

/** Customers who have risen into each band that a rule names, where they are enough; bands in the rule's order. */
export function churnBandFires<Change extends Pick<ChurnChange, 'band' | 'previousBand' | 'mrr'>>(
  { bands, leastRevenue, fewest }: RuleOf<'churn-band'>,
  changes: readonly Change[],
): { readonly band: ChurnBand; readonly risen: readonly Change[] }[] {
  const rank = (band: ChurnBand | undefined) => (band === undefined ? -1 : churnBands.indexOf(band));
  const risen = changes.filter(({ band, previousBand, mrr }) => rank(band) > rank(previousBand) && mrr >= leastRevenue);
  return bands
    .map((band) => ({ band, risen: risen.filter((change) => change.band === band) }))
    .filter((one) => one.risen.length >= fewest);
}

/** Numbers of the examples, from 1, on which a rule does not do what they say. */
export function failedExamples(rule: AlertRule): number[] {
  return firesOnExamples(rule).flatMap((fires, index) => (fires === rule.examples[index]?.fires ? [] : [index + 1]));
}

function firesOnExamples(rule: AlertRule): boolean[] {
  switch (rule.kind) {
    case 'spike':
      return rule.examples.map(({ expected, negative, total }) => {
        const share = { alpha: 1, beta: 3 };
        const observation = { negative, total, expected, baseline: { dispersion: 0.15, share } };
        return detectSpikes([observation], sensitivityOf(rule))[0]?.spike === true;
      });
    case 'drift':
      return rule.examples.map(
        ({ usual, size, shares }) =>
          driftFires(
            rule,
            usual,
            shares.map((share) => ({ share, size })),
          ) !== undefined,
      );
    case 'message':
      return rule.examples.map(({ feedback }) => messageFires(rule, spelledOut(feedback, rule)));
    case 'metric':
      return rule.examples.map(({ value, size }) => metricFires(rule, value, size));
    case 'emerging':
      return rule.examples.map(
        ({ now, before }) =>
          emergingFires(rule, new Map(Object.entries(now)), new Map(Object.entries(before))).length > 0,
      );
    case 'no-data':
      return rule.examples.map(({ expected }) => noDataFires(rule, [expected], 0));
    case 'churn-band':
      return rule.examples.map(({ changes }) => churnBandFires(rule, changes).length > 0);
  }
}

/** An example's feedback as if it had been analysed. */
function spelledOut(
  { flags = [], intents = [], topics = [], attributes }: RuleOf<'message'>['examples'][number]['feedback'],
  { channels }: RuleOf<'message'>,
): SaidFeedback {
  return {
    flags: flags.map((id) => ({ id, confidence: 1 })),
    intents: intents.map((id) => ({ id, confidence: 1 })),
    topics: topics.map((id) => ({ id, polarity: 'negative', confidence: 1, by: 'model', spans: [] })),
    channel: channels?.[0] ?? 'chat',
    ...(attributes !== undefined && { attributes }),
  };
}
