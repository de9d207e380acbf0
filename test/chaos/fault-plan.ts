import type { Random } from './random.ts';

/** What a fault hits. */
export const targets = ['worker 1', 'worker 2', 'alert worker', 'broker', 'database'] as const;
export type Target = (typeof targets)[number];

/**
 * What happens to a target: SIGKILL and a new start; SIGSTOP, then SIGCONT; its connections closed and no new ones
 * let through; its bytes delivered late; its connections silent, with the other end gone; its disk refusing writes.
 */
export const faultKinds = ['kill', 'pause', 'drop', 'delay', 'half-open', 'disk'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** One fault of a plan; times in milliseconds. */
export interface PlannedFault {
  /** From the start of the plan. */
  readonly at: number;
  readonly target: Target;
  readonly kind: FaultKind;
  readonly lastsMs: number;
  /** For a worker that is cut off from one server only: which. */
  readonly from?: 'broker' | 'database';
}

type Blueprint = Omit<PlannedFault, 'at'>;

/** Time after a fault in which its target is left alone. */
const restMs = 2_000;

/** A pause that the group's coordinator takes for a death: its session ends after 15 s. */
const longPauseMs = 20_000;

const killMs = 1_000;

function workerFaults(target: 'worker 1' | 'worker 2'): Blueprint[] {
  return [
    { target, kind: 'kill', lastsMs: killMs },
    { target, kind: 'kill', lastsMs: killMs },
    { target, kind: 'pause', lastsMs: 8_000 },
    { target, kind: 'pause', lastsMs: longPauseMs },
    { target, kind: 'drop', lastsMs: 5_000 },
    { target, kind: 'drop', lastsMs: 4_000, from: 'database' },
    { target, kind: 'half-open', lastsMs: 6_000 },
    { target, kind: 'half-open', lastsMs: longPauseMs, from: 'broker' },
    { target, kind: 'delay', lastsMs: 6_000 },
  ];
}

const alertWorkerFaults: readonly Blueprint[] = [
  { target: 'alert worker', kind: 'kill', lastsMs: killMs },
  { target: 'alert worker', kind: 'kill', lastsMs: killMs },
  { target: 'alert worker', kind: 'pause', lastsMs: longPauseMs },
  { target: 'alert worker', kind: 'drop', lastsMs: 4_000, from: 'database' },
  { target: 'alert worker', kind: 'half-open', lastsMs: 6_000 },
];

function serverFaults(target: 'broker' | 'database'): Blueprint[] {
  return [
    { target, kind: 'kill', lastsMs: killMs },
    { target, kind: 'kill', lastsMs: killMs },
    { target, kind: 'pause', lastsMs: 8_000 },
    { target, kind: 'drop', lastsMs: 4_000 },
    { target, kind: 'half-open', lastsMs: 5_000 },
    { target, kind: 'delay', lastsMs: 6_000 },
    { target, kind: 'disk', lastsMs: 4_000 },
  ];
}

const blueprints: readonly Blueprint[] = [
  ...workerFaults('worker 1'),
  ...workerFaults('worker 2'),
  ...alertWorkerFaults,
  ...serverFaults('broker'),
  ...serverFaults('database'),
];

/** What a plan is made for; times in milliseconds. */
export interface PlanOptions {
  readonly lastsMs: number;
  /** Time from one fault to the next. */
  readonly everyMs: number;
  /** Which faults are possible. */
  readonly allowed: (fault: { readonly target: Target; readonly kind: FaultKind }) => boolean;
}

/**
 * A fault every so often, each on a target that no other fault holds at that time (none when all are held), every
 * possible fault once before any comes again.
 */
export function planFaults(random: Random, { lastsMs, everyMs, allowed }: PlanOptions): PlannedFault[] {
  const possible = blueprints.filter(allowed);
  const busyUntil = new Map<Target, number>();
  const plan: PlannedFault[] = [];
  let bag: Blueprint[] = [];
  for (let at = 0; at < lastsMs; at += everyMs) {
    const fits = ({ target }: Blueprint) => (busyUntil.get(target) ?? 0) <= at;
    if (!bag.some(fits)) bag = [...bag, ...random.shuffle(possible)];
    const chosen = bag.find(fits);
    if (chosen === undefined) continue;
    bag.splice(bag.indexOf(chosen), 1);
    busyUntil.set(chosen.target, at + chosen.lastsMs + restMs);
    plan.push({ at, ...chosen });
  }
  return plan;
}
