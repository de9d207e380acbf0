import type { TextAnalysis } from '../domain/analysis.ts';

/** What of an analysis counts as its labels. */
type Labelled = Pick<TextAnalysis, 'status' | 'sentiment' | 'topics' | 'intents' | 'emotion' | 'flags'>;

/** How the labels of one text differ; labels are written as `topic:delivery`, `intent:complaint`. */
export interface LabelChange {
  /** Sentiments, or the status where there is none. */
  readonly from: string;
  readonly to: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Topics that are spoken of in another way: `topic:delivery negative > neutral`. */
  readonly turned: readonly string[];
}

/** Compares the labels of two analyses of one text; confidences, scores and spans do not count. */
export function labelChange(before: Labelled, after: Labelled): LabelChange {
  const [old, fresh] = [labelsOf(before), labelsOf(after)];
  const [waysBefore, waysAfter] = [polaritiesOf(before), polaritiesOf(after)];
  const turned = [...waysAfter].flatMap(([id, ways]) => {
    const earlier = waysBefore.get(id);
    return earlier === undefined || earlier === ways ? [] : [`topic:${id} ${earlier} > ${ways}`];
  });
  return {
    from: before.sentiment?.label ?? before.status,
    to: after.sentiment?.label ?? after.status,
    added: [...fresh].filter((label) => !old.has(label)),
    removed: [...old].filter((label) => !fresh.has(label)),
    turned,
  };
}

/** Whether any label differs. */
export function isChanged({ from, to, added, removed, turned }: LabelChange): boolean {
  return from !== to || added.length > 0 || removed.length > 0 || turned.length > 0;
}

function labelsOf({ topics, intents, emotion, flags }: Labelled): Set<string> {
  return new Set([
    ...topics.map(({ id }) => `topic:${id}`),
    ...intents.map(({ id }) => `intent:${id}`),
    ...(emotion === undefined ? [] : [`emotion:${emotion.id}`]),
    ...flags.map(({ id }) => `flag:${id}`),
  ]);
}

/** How each topic is spoken of: `negative+positive` where sentences disagree. */
function polaritiesOf({ topics }: Labelled): Map<string, string> {
  const ways = new Map<string, Set<string>>();
  for (const { id, polarity } of topics) ways.set(id, (ways.get(id) ?? new Set()).add(polarity));
  return new Map([...ways].map(([id, polarities]) => [id, [...polarities].sort().join('+')]));
}

/** How often something was seen, most frequent first. */
export type Counted = readonly (readonly [label: string, count: number])[];

/** What changed over many records. */
export interface LabelReport {
  readonly records: number;
  readonly changed: number;
  /** Records by sentiment before and after, unchanged ones included. */
  readonly transitions: readonly { readonly from: string; readonly to: string; readonly count: number }[];
  readonly added: Counted;
  readonly removed: Counted;
  readonly turned: Counted;
  /** The first changed records, by key. */
  readonly examples: readonly ({ readonly key: string } & LabelChange)[];
}

/** Sums up label changes; holds counts and a few examples, however many are added. */
export interface LabelTally {
  add(key: string, change: LabelChange): void;
  report(): LabelReport;
}

/** An empty tally that keeps so many examples. */
export function createLabelTally(mostExamples = 10): LabelTally {
  const transitions = new Map<string, { from: string; to: string; count: number }>();
  const added = new Map<string, number>();
  const removed = new Map<string, number>();
  const turned = new Map<string, number>();
  const examples: ({ key: string } & LabelChange)[] = [];
  let records = 0;
  let changed = 0;
  return {
    add(key, change) {
      const { from, to } = change;
      records++;
      const transition = transitions.get(`${from}>${to}`) ?? { from, to, count: 0 };
      transitions.set(`${from}>${to}`, { from, to, count: transition.count + 1 });
      for (const label of change.added) increment(added, label);
      for (const label of change.removed) increment(removed, label);
      for (const label of change.turned) increment(turned, label);
      if (!isChanged(change)) return;
      changed++;
      if (examples.length < mostExamples) examples.push({ key, ...change });
    },
    report: () => ({
      records,
      changed,
      transitions: [...transitions.values()].sort((one, other) => other.count - one.count),
      added: ranked(added),
      removed: ranked(removed),
      turned: ranked(turned),
      examples: [...examples],
    }),
  };
}

function increment(counts: Map<string, number>, label: string): void {
  counts.set(label, (counts.get(label) ?? 0) + 1);
}

function ranked(counts: ReadonlyMap<string, number>): Counted {
  return [...counts].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
}
