import { dayMs, type Timeline, type TimelineFeedback } from './timeline.ts';

/** What churn risk is read from, in the order in which vectors hold it. */
export const churnFeatureNames = [
  'cancelIntent',
  'openComplaints',
  'negativeShare',
  'detractor',
  'downgraded',
  'usageDrop',
  'inactivity',
  'tenure',
] as const;
export type ChurnFeatureName = (typeof churnFeatureNames)[number];

/** Those that need no feedback: what a company knows without listening. */
export const behaviourFeatureNames: readonly ChurnFeatureName[] = ['downgraded', 'usageDrop', 'inactivity', 'tenure'];

/** One feature of a customer, with the feedback it was read from. */
export interface ChurnFeature {
  readonly value: number;
  /** Ids of the feedback that shows it, newest first. */
  readonly evidence: readonly string[];
  /** Topic that most of the evidence is about. */
  readonly topic?: string;
}

export type ChurnFeatures = Readonly<Record<ChurnFeatureName, ChurnFeature>>;

/**
 * Features of a customer at a time, from nothing that came at or after it:
 *
 * - `cancelIntent` 1 if they said within 30 days that they want to leave, else 0
 * - `openComplaints` complaints of the last 14 days after which nothing positive came, at most 3
 * - `negativeShare` share of negative feedback within 90 days, drawn to a quarter where there is little
 * - `detractor` their last recommendation within 180 days: 1 for an answer of 0, 0 for 7 or none, below 0 for more
 * - `downgraded` 1 if they did within 90 days, else 0
 * - `usageDrop` by which share they use less in 30 days than in the 60 days before, from -1 to 1; 0 where unknown
 * - `inactivity` months since they last did anything, at most 3
 * - `tenure` doublings of the months since the first event or feedback, at most 6
 */
export function churnFeatures(whole: Timeline, time: number): ChurnFeatures {
  const events = whole.events.filter(({ at }) => at < time);
  const feedback = whole.feedback.filter(({ at }) => at < time);
  const since = (days: number) => time - days * dayMs;
  const first = Math.min(...[events[0], feedback[0]].map((one) => one?.at ?? time));
  const last = events.at(-1)?.at ?? first;
  const recent = feedback.filter(({ at }) => at >= since(90));
  const negative = recent.filter(({ sentiment }) => sentiment === 'negative');
  const cancelling = feedback.filter(({ at, intents }) => at >= since(30) && intents.includes('cancel'));
  const open = openComplaints(feedback, since(14));
  const answered = feedback.filter(({ at, recommendation }) => recommendation !== undefined && at >= since(180)).at(-1);
  const downgraded = events.some(({ type, at }) => type === 'downgraded' && at >= since(90));
  return {
    cancelIntent: shownBy(cancelling.length > 0 ? 1 : 0, cancelling),
    openComplaints: shownBy(Math.min(3, open.length), open),
    negativeShare: shownBy((negative.length + 0.5) / (recent.length + 2), negative),
    detractor: shownBy(
      answered === undefined ? 0 : (7 - (answered.recommendation ?? 7)) / 7,
      answered ? [answered] : [],
    ),
    downgraded: shownBy(downgraded ? 1 : 0, []),
    usageDrop: shownBy(usageDrop(events, time), []),
    inactivity: shownBy(Math.min(3, (time - last) / (30 * dayMs)), []),
    tenure: shownBy(Math.min(6, Math.log2(1 + (time - first) / (30 * dayMs))), []),
  };
}

function shownBy(value: number, feedback: readonly TimelineFeedback[]): ChurnFeature {
  const evidence = feedback.map(({ id }) => id).reverse();
  const topic = mostNamed(feedback);
  return { value, evidence, ...(topic !== undefined && { topic }) };
}

/** A complaint is closed by the next feedback that is positive. */
function openComplaints(feedback: readonly TimelineFeedback[], since: number): TimelineFeedback[] {
  let open: TimelineFeedback[] = [];
  for (const one of feedback) {
    if (one.at < since) continue;
    if (one.sentiment === 'positive') open = [];
    else if (one.intents.includes('complaint')) open.push(one);
  }
  return open;
}

function usageDrop(events: Timeline['events'], time: number): number {
  const used = (from: number, to: number) =>
    events
      .filter(({ at }) => at >= time - from * dayMs && at < time - to * dayMs)
      .reduce((sum, { count }) => sum + (count ?? 0), 0);
  const before = used(90, 30) / 2;
  if (before === 0) return 0;
  return Math.max(-1, Math.min(1, 1 - used(30, 0) / before));
}

function mostNamed(feedback: readonly TimelineFeedback[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { topics } of feedback) {
    for (const { id, polarity } of topics) if (polarity === 'negative') counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}
