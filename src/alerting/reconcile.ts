import type { Finding } from '../domain/alert.ts';
import { type Firing, rhythms, type Subject } from './firing.ts';
import { chains, type Run, runsBefore, runsOf } from './runs.ts';

/** What the data say about one alert. */
export interface Detection extends Subject {
  /** `tenant/rule/subject/end of the first window`. */
  readonly key: string;
  readonly runs: readonly Run[];
  readonly first: Finding;
  readonly latest: Finding;
}

/** How detections follow from those that are stored and from what fired on evaluation from some time on. */
export interface Reconciliation {
  /** Every alert that there is now, among those given and the new ones. */
  readonly detections: readonly (Detection & {
    /** Key of the stored alert that this one takes the place of: late feedback moved its first window. */
    readonly movedFrom?: string;
  })[];
  /** Keys of stored alerts that the data no longer bear out. */
  readonly withdrawn: readonly string[];
}

/**
 * Puts what fired on evaluation from `from` on in the place of what was known of that time. The result is a function
 * of the firings of all time: it does not matter in which pieces the time was evaluated, or how often.
 *
 * @param stored detections of this tenant that reach beyond `from` less the longest cool-down, or are still open
 */
export function reconcile(
  tenant: string,
  stored: readonly Detection[],
  firings: readonly Firing[],
  from: number,
): Reconciliation {
  const subjects = new Map<string, { stored: Detection[]; firings: Firing[] }>();
  const of = (subject: Subject) => {
    const key = `${subject.rule}/${subject.subject}`;
    const one = subjects.get(key) ?? { stored: [], firings: [] };
    subjects.set(key, one);
    return one;
  };
  for (const detection of stored) of(detection).stored.push(detection);
  for (const firing of firings) of(firing).firings.push(firing);
  const all = [...subjects.values()].map((one) => reconcileSubject(tenant, one.stored, one.firings, from));
  return {
    detections: all.flatMap(({ detections }) => detections),
    withdrawn: all.flatMap(({ withdrawn }) => withdrawn),
  };
}

function reconcileSubject(
  tenant: string,
  stored: readonly Detection[],
  firings: readonly Firing[],
  from: number,
): Reconciliation {
  const [subject] = [...firings, ...stored];
  if (subject === undefined) return { detections: [], withdrawn: [] };
  const { stepMs, coolDownMs } = rhythms[subject.kind];
  const kept = stored.flatMap(({ runs }) => runsBefore(runs, from, stepMs));
  const fired = runsOf(
    firings.map(({ at }) => at),
    stepMs,
  );
  const unclaimed = new Set(stored);
  const detections = chains([...kept, ...fired], coolDownMs, stepMs).flatMap((runs) => {
    const [begins, ends] = [runs[0]?.from ?? 0, runs.at(-1)?.until ?? 0];
    const key = `${tenant}/${subject.rule}/${subject.subject}/${minuteOf(begins)}`;
    const earlier =
      stored.find((one) => one.key === key) ?? [...unclaimed].find((one) => overlaps(one.runs, begins, ends));
    if (earlier !== undefined) unclaimed.delete(earlier);
    const within = firings.filter(({ at }) => at >= begins && at <= ends);
    const first = begins < from ? earlier?.first : within[0]?.finding;
    const latest = within.at(-1)?.finding ?? latestBefore(earlier, ends);
    if (first === undefined || latest === undefined) return [];
    const { rule, kind, topic, channel } = subject;
    return [
      {
        key,
        rule,
        kind,
        subject: subject.subject,
        ...(topic !== undefined && { topic }),
        ...(channel !== undefined && { channel }),
        runs,
        first,
        latest,
        ...(earlier !== undefined && earlier.key !== key && { movedFrom: earlier.key }),
      },
    ];
  });
  return { detections, withdrawn: [...unclaimed].map(({ key }) => key) };
}

/** What was the latest finding stays so unless it was evaluated anew and gone. */
function latestBefore(earlier: Detection | undefined, ends: number): Finding | undefined {
  if (earlier === undefined) return undefined;
  return Date.parse(earlier.latest.window.until) <= ends ? earlier.latest : earlier.first;
}

function overlaps(runs: readonly Run[], from: number, until: number): boolean {
  return runs.some((run) => run.from <= until && run.until >= from);
}

function minuteOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}
