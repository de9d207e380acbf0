import type { AlertEvent, AlertStatus, HistoryEntry } from '../domain/alert.ts';

/** How an alert is being handled; times in RFC 3339. */
export interface Handling {
  readonly status: AlertStatus;
  readonly snoozedUntil?: string;
  readonly reopened: number;
  readonly acknowledgedAt?: string;
  readonly resolvedAt?: string;
  readonly secondsToAcknowledge?: number;
  readonly secondsToClose?: number;
  /** End of the last window that had fired when it was resolved; milliseconds since 1970. */
  readonly settledThrough?: number;
  readonly history: readonly HistoryEntry[];
}

/** What somebody does about an alert, or what koe sees happen to it. */
export type Act = { readonly by: string; readonly note?: string | undefined } & (
  | { readonly event: Exclude<AlertEvent, 'snoozed' | 'voted'> }
  | { readonly event: 'snoozed'; readonly until: string }
  | { readonly event: 'voted'; readonly useful: boolean }
);

/** An alert after so many times of opening again is not announced any more until it stays closed. */
const flapping = 3;
const koe = 'koe';
/** Entries from which on people can add no more, so that an alert stays a document that MongoDB and Kafka take. */
const longestHistory = 1000;

/** An act that the state of an alert does not allow; the message says why. */
export class ActRefused extends Error {
  override readonly name = 'ActRefused';
}

const allowed: Readonly<Record<AlertEvent, readonly AlertStatus[]>> = {
  opened: [],
  reopened: ['resolved', 'withdrawn'],
  acknowledged: ['open', 'snoozed'],
  snoozed: ['open', 'acknowledged', 'snoozed'],
  woken: ['snoozed'],
  resolved: ['open', 'acknowledged', 'snoozed'],
  withdrawn: ['open', 'acknowledged', 'snoozed', 'resolved'],
  moved: ['open', 'acknowledged', 'snoozed', 'resolved', 'withdrawn'],
  commented: ['open', 'acknowledged', 'snoozed', 'resolved', 'withdrawn'],
  voted: ['open', 'acknowledged', 'snoozed', 'resolved', 'withdrawn'],
};

/** A new alert, open. */
export function opened(at: string): Handling {
  return { status: 'open', reopened: 0, history: [{ sequence: 0, event: 'opened', at, by: koe }] };
}

/**
 * The state after an act, with the act in its history.
 *
 * @param at RFC 3339
 * @throws ActRefused where the state does not allow it: acknowledging what is resolved, the thousandth comment
 */
export function act(handling: Handling, what: Act, at: string): Handling {
  if (!allowed[what.event].includes(handling.status)) {
    throw new ActRefused(`an alert that is ${handling.status} cannot be ${what.event}`);
  }
  if (what.by !== koe && handling.history.length >= longestHistory) {
    throw new ActRefused('nothing more can be written down about this alert');
  }
  const entry: HistoryEntry = { sequence: handling.history.length, ...what, at };
  const { snoozedUntil, ...awake } = handling;
  const next = { ...(what.event === 'commented' || what.event === 'voted' ? handling : awake) };
  return { ...next, ...changes(handling, what, at), history: [...handling.history, entry] };
}

function changes(handling: Handling, what: Act, at: string): Partial<Handling> {
  const since = (Date.parse(at) - Date.parse(handling.history[0]?.at ?? at)) / 1000;
  switch (what.event) {
    case 'acknowledged':
      return handling.acknowledgedAt === undefined
        ? { status: 'acknowledged', acknowledgedAt: at, secondsToAcknowledge: since }
        : { status: 'acknowledged' };
    case 'snoozed':
      return { status: 'snoozed', snoozedUntil: what.until };
    case 'resolved':
      return { status: 'resolved', resolvedAt: at, secondsToClose: since };
    case 'withdrawn':
      return { status: 'withdrawn' };
    case 'reopened':
      return { status: 'open', reopened: handling.reopened + 1 };
    case 'woken':
      return { status: 'open' };
    default:
      return {};
  }
}

/** What the data say about an alert now; times in milliseconds since 1970. */
export interface Course {
  /** Stretches that fired. */
  readonly runs: readonly { readonly from: number; readonly until: number }[];
  /** Event time up to which feedback was evaluated. */
  readonly through: number;
  /** Without a firing for so long, it is over. */
  readonly quietMs: number;
  /** Length between two windows that share no feedback. */
  readonly apartMs: number;
}

/**
 * What follows from the course of things without anybody's doing: an alert is over after two quiet windows, opens
 * again when it fires anew, and wakes when its snooze ends. The same again changes nothing.
 */
export function follow(handling: Handling, course: Course, now: string): Handling {
  const last = course.runs.at(-1);
  if (last === undefined) return handling;
  const isOver = course.through - last.until >= course.quietMs;
  const { status, snoozedUntil, settledThrough = 0 } = handling;
  if (status === 'withdrawn') return follow(act(handling, { event: 'reopened', by: koe }, now), course, now);
  if (status === 'resolved') {
    const again = last.from - settledThrough >= course.apartMs && settledThrough > 0;
    return again ? follow(act(handling, { event: 'reopened', by: koe }, now), course, now) : settled(handling, last);
  }
  if (isOver) return settled(act(handling, { event: 'resolved', by: koe, note: 'quiet' }, now), last);
  if (status === 'snoozed' && snoozedUntil !== undefined && snoozedUntil <= now) {
    return act(handling, { event: 'woken', by: koe }, now);
  }
  return handling;
}

/** The stretch in which it was resolved is settled as long as it lasts. */
function settled(handling: Handling, last: { readonly until: number }): Handling {
  return handling.settledThrough !== undefined && handling.settledThrough >= last.until
    ? handling
    : { ...handling, settledThrough: last.until };
}

/** Whether a change is worth telling people, beyond the alert topic. */
export function isAnnounced({ status, reopened, history }: Handling, { event, by }: HistoryEntry): boolean {
  if (status === 'snoozed' && event !== 'opened') return false;
  if (reopened >= flapping && by === koe && (event === 'reopened' || event === 'resolved')) return false;
  const wasTold = history.some((entry) => entry.event === 'opened');
  return ['opened', 'reopened', 'resolved', 'woken'].includes(event) || (event === 'withdrawn' && wasTold);
}
