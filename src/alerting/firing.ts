import type { Finding } from '../domain/alert.ts';
import type { AlertRuleKind } from '../domain/alert-rule.ts';
import type { Channel, TopicId } from '../domain/labels.ts';

/** What an alert is about. */
export interface Subject {
  readonly rule: string;
  readonly kind: AlertRuleKind;
  /** Tells the subjects of a rule apart: topic and channel, the id of a record, an opinion. */
  readonly subject: string;
  readonly topic?: TopicId;
  readonly channel?: Channel;
}

/** A rule that holds for one subject in the window that ends at a time. */
export interface Firing extends Subject {
  /** End of the window, milliseconds since 1970. */
  readonly at: number;
  readonly finding: Finding;
}

/** How a kind of rule is evaluated and how its alerts end; milliseconds. */
export interface Rhythm {
  /** From one evaluation to the next. */
  readonly stepMs: number;
  /** Without a firing for so long, an alert is over. */
  readonly quietMs: number;
  /** A firing so long after the last one opens the same alert again. */
  readonly coolDownMs: number;
}

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

/** Two quiet windows end an alert; what one customer said, and who may leave, has to be closed by
 * somebody, within a month. */
export const rhythms: Readonly<Record<AlertRuleKind, Rhythm>> = {
  spike: { stepMs: minute, quietMs: 2 * hour, coolDownMs: 6 * hour },
  drift: { stepMs: day, quietMs: 2 * day, coolDownMs: 7 * day },
  message: { stepMs: minute, quietMs: 30 * day, coolDownMs: 0 },
  metric: { stepMs: hour, quietMs: 2 * hour, coolDownMs: day },
  emerging: { stepMs: hour, quietMs: 2 * day, coolDownMs: 7 * day },
  'no-data': { stepMs: hour, quietMs: 2 * hour, coolDownMs: 6 * hour },
  'churn-band': { stepMs: minute, quietMs: 30 * day, coolDownMs: 0 },
};

/** The period of a window of a length that ends at a time, in RFC 3339. */
export function windowOf(until: number, lengthMs: number): Finding['window'] {
  return { from: new Date(until - lengthMs).toISOString(), until: new Date(until).toISOString() };
}

/** Ends of windows to evaluate: multiples of the step, both limits included. */
export function endsBetween(from: number, through: number, stepMs: number, offsetMs = 0): number[] {
  const first = Math.ceil((from + offsetMs) / stepMs) * stepMs - offsetMs;
  return Array.from(
    { length: Math.max(0, Math.floor((through - first) / stepMs) + 1) },
    (_, at) => first + at * stepMs,
  );
}
