import type { Run } from './runs.ts';

/** What of an alert tells which incident it is part of. */
export interface IncidentMember {
  readonly key: string;
  readonly rule: string;
  readonly topic?: string;
  readonly runs: readonly Run[];
  /** Attributes over-represented among the feedback, as name=value. */
  readonly segments: readonly string[];
}

const hourMs = 3_600_000;

/**
 * The incident of each alert, named by the key of the alert that began it: alerts of one topic over several channels,
 * of several topics over one store or product, or of one rule for single messages, where one begins while the other
 * lasts or within an hour.
 */
export function incidentsOf(alerts: readonly IncidentMember[]): Map<string, string> {
  const sorted = [...alerts].sort((one, other) => begins(one) - begins(other) || (one.key < other.key ? -1 : 1));
  const incidents = new Map<string, string>();
  sorted.forEach((alert, index) => {
    const earlier = sorted.slice(0, index).find((one) => lastsUntil(one, begins(alert)) && isAkin(one, alert));
    incidents.set(alert.key, earlier === undefined ? alert.key : (incidents.get(earlier.key) ?? earlier.key));
  });
  return incidents;
}

function begins({ runs }: IncidentMember): number {
  return runs[0]?.from ?? 0;
}

function lastsUntil({ runs }: IncidentMember, time: number): boolean {
  return (runs.at(-1)?.until ?? 0) + hourMs >= time;
}

function isAkin(one: IncidentMember, other: IncidentMember): boolean {
  if (one.topic !== undefined && one.topic === other.topic) return true;
  if (one.segments.some((segment) => other.segments.includes(segment))) return true;
  return one.topic === undefined && other.topic === undefined && one.rule === other.rule;
}
