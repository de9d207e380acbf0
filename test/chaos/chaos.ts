import { setTimeout as sleep } from 'node:timers/promises';
import { fetchLag } from '../../src/kafka/lag.ts';
import type { Database } from '../../src/store/database.ts';
import { countStaleRollups, verifyRollups } from '../../src/store/rollups.ts';
import { auditAlerts, unsettledAlerts } from './alert-audit.ts';
import {
  audit,
  auditCommits,
  type Repetitions,
  repetitions,
  type State,
  type StoredState,
  type Violation,
} from './audit.ts';
import type { FaultKind, PlannedFault, Target } from './fault-plan.ts';
import { planFaults } from './fault-plan.ts';
import { inflict, type Recovery, recovery } from './fault-runner.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { startLoad } from './load.ts';
import { readLogs } from './logs.ts';
import { seededRandom } from './random.ts';
import { group, type Stage, type StagedWorker, topics } from './stage.ts';

/** How a run goes; times in milliseconds. */
export interface ChaosOptions {
  readonly seed: number;
  /** Time with faults. */
  readonly lastsMs: number;
  readonly everyMs: number;
  /** Messages a second. */
  readonly rate: number;
  /** Kills of each kind afterwards, one at a time, to see how long recovery takes by itself. */
  readonly drills: number;
  readonly allowed: (fault: { readonly target: Target; readonly kind: FaultKind }) => boolean;
  /** Whether some feedback is sent again in another revision. */
  readonly corrections: boolean;
  /** Time in which everything must be handled in the end. */
  readonly settleMs: number;
  /** Told what happens. */
  readonly say: (what: string) => void;
}

/** What came of a run. */
export interface ChaosResult {
  readonly faults: readonly PlannedFault[];
  readonly messages: number;
  readonly handled: number;
  readonly joins: number;
  readonly repeated: Repetitions;
  /** Recoveries while other faults went on. */
  readonly amid: readonly Recovery[];
  /** Recoveries from a single kill. */
  readonly alone: readonly Recovery[];
  /** Milliseconds from the last message to the last commit and roll-up. */
  readonly settledMs: number;
  /** Resident bytes of each worker with its analysis process, after the warm-up and at the end. */
  readonly memory: readonly { readonly worker: string; readonly before: number; readonly after: number }[];
  /** Alerts that stand in the end. */
  readonly alerts: number;
  readonly violations: readonly Violation[];
}

const warmUpMs = 15_000;
const memoryDeadlineMs = 30_000;
const memoryGrowth = 100 * 1024 * 1024;
const drillTargets = ['worker 1', 'broker', 'database'] as const;

/**
 * Warm-up, faults, the death of both workers and a look at what they committed, rest; then kills one at a time under
 * a light load, and rest again. In the end everything is compared.
 */
export async function runChaos(stage: Stage, options: ChaosOptions): Promise<ChaosResult> {
  const { say, seed, corrections, rate } = options;
  const ledger = openLedger({ random: seededRandom(seed + 1), topics, now: Date.now(), corrections });
  for (const { worker } of allWorkers(stage)) worker.start();
  const load = startLoad(rate, ledger.make, stage.producers);
  say('warming up');
  await sleep(warmUpMs);
  const before = memoryOf(stage);
  const faults = planFaults(seededRandom(seed), options);
  const amid = await runFaults(faults, stage, say);

  say('killing both workers to look at what they committed');
  await Promise.all(stage.workers.map(({ worker }) => worker.kill()));
  const database = await stage.openDatabase();
  const committed = await committedOffsets(stage);
  const early = auditCommits(await stateOf(stage, database, ledger), committed);
  for (const { worker } of stage.workers) worker.start();

  const waiting = load.waiting();
  await load.stop();
  say(`${ledger.messages.length} messages are sent (${waiting} had to wait), settling`);
  const settling = Date.now();
  const unsettled = await settle(stage, database, options);
  const settledMs = Date.now() - settling;

  const lightLoad = startLoad(rate / 5, ledger.make, stage.producers);
  const alone = await runDrills(options.drills, stage, say);
  await lightLoad.stop();
  if (unsettled.length === 0) unsettled.push(...(await settle(stage, database, options)));
  const after = await memoryBack(stage, before);

  say('comparing');
  const state = await stateOf(stage, database, ledger);
  await stage.alertWorker.worker.stop();
  const alerts = await auditAlerts(stage.kafka, database);
  const wrong = [
    ...early,
    ...unsettled,
    ...audit(state),
    ...(await auditRollups(database)),
    ...alerts.violations,
    ...auditMemory(before, after),
  ];
  await database.close();
  await Promise.all(stage.workers.map(({ worker }) => worker.stop()));
  return {
    faults,
    messages: ledger.messages.length,
    handled: stage.observations.messages,
    joins: stage.observations.joins,
    repeated: repetitions(state),
    amid,
    alone,
    settledMs,
    memory: allWorkers(stage).map(({ worker }, at) => ({
      worker: worker.name,
      before: before[at] ?? 0,
      after: after[at] ?? 0,
    })),
    alerts: alerts.standing,
    violations: [...wrong, ...auditEnds(stage)],
  };
}

async function runFaults(
  faults: readonly PlannedFault[],
  stage: Stage,
  say: (what: string) => void,
): Promise<Recovery[]> {
  const begun = Date.now();
  const recoveries: Promise<Recovery | undefined>[] = [];
  const running: Promise<void>[] = [];
  for (const fault of faults) {
    await sleep(Math.max(0, begun + fault.at - Date.now()));
    say(describe(fault));
    if (fault.kind === 'kill') recoveries.push(recovery(fault, stage, Date.now()));
    running.push(inflict(fault, stage));
  }
  await Promise.all(running);
  return (await Promise.all(recoveries)).flatMap((found) => found ?? []);
}

async function runDrills(count: number, stage: Stage, say: (what: string) => void): Promise<Recovery[]> {
  const recoveries: Recovery[] = [];
  for (let round = 0; round < count; round++) {
    for (const target of drillTargets) {
      await caughtUp(stage);
      const fault: PlannedFault = { at: 0, target, kind: 'kill', lastsMs: 1_000 };
      const since = Date.now();
      const back = inflict(fault, stage).then(() => Date.now() - since);
      const found = await recovery(fault, stage, since);
      const backMs = await back;
      say(`${target} killed alone: messages flow again after ${found?.ms} ms, itself back after ${backMs} ms`);
      if (found !== undefined) recoveries.push({ ...found, backMs });
    }
  }
  return recoveries;
}

function describe({ target, kind, lastsMs, from }: PlannedFault): string {
  return `${target}: ${kind} for ${lastsMs / 1000} s${from === undefined ? '' : `, from the ${from} only`}`;
}

/** Waits until both workers have partitions and little waits; goes on after two minutes in any case. */
async function caughtUp(stage: Stage): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    const shared = stage.workers.every(({ worker }) => stage.observations.partitionsOf(worker.name).size === 9);
    if (shared && (await lag(stage)) < 1_000) return;
    await sleep(500);
  }
}

async function lag(stage: Stage): Promise<number> {
  const lags = await fetchLag(stage.kafka, group, Object.values(topics.feedback));
  return lags.reduce((sum, partition) => sum + partition.lag, 0);
}

async function committedOffsets(stage: Stage): Promise<Map<string, number>> {
  const lags = await fetchLag(stage.kafka, group, Object.values(topics.feedback));
  return new Map(lags.map(({ topic, partition, committed }) => [`${topic}/${partition}`, Number(committed ?? 0)]));
}

async function stateOf(stage: Stage, database: Database, ledger: Ledger): Promise<State> {
  const stored = new Map<string, StoredState>();
  const cursor = database.records.find(
    {},
    { projection: { revision: 1, occurredAt: 1, receivedAt: 1, 'attributes.number': 1 } },
  );
  for await (const { _id, revision, occurredAt, receivedAt, attributes } of cursor) {
    const times = { occurredAt: occurredAt.getTime(), receivedAt: receivedAt.getTime() };
    stored.set(_id, { key: _id, revision, ...times, number: Number(attributes?.number) });
  }
  return { ...(await readLogs(stage.kafka, topics)), ledger, stored };
}

async function settle(stage: Stage, database: Database, { say, settleMs }: ChaosOptions): Promise<Violation[]> {
  const deadline = Date.now() + settleMs;
  let left = '';
  for (let look = 0; Date.now() < deadline; look++) {
    const [waiting, stale] = [await lag(stage), await countStaleRollups(database)];
    const alerting = await unsettledAlerts(stage.kafka, database);
    if (waiting === 0 && stale === 0 && alerting === undefined) return [];
    left = `${waiting} messages wait, ${stale} roll-ups are stale; alerts: ${alerting ?? 'in line'}`;
    if (look % 20 === 0) say(left);
    await sleep(500);
  }
  return [{ invariant: 'everything is handled in the end', count: 1, examples: [left] }];
}

async function auditRollups(database: Database): Promise<Violation[]> {
  const differences = await verifyRollups(database);
  if (differences.length === 0) return [];
  const examples = differences.slice(0, 5).map(({ tenant, hour }) => `${tenant} ${hour.toISOString()}`);
  return [{ invariant: 'roll-ups equal a recount', count: differences.length, examples }];
}

function allWorkers(stage: Stage): readonly StagedWorker[] {
  return [...stage.workers, stage.alertWorker];
}

function memoryOf(stage: Stage): number[] {
  return allWorkers(stage).map(({ worker }) => worker.residentBytes());
}

async function memoryBack(stage: Stage, before: readonly number[]): Promise<number[]> {
  const deadline = Date.now() + memoryDeadlineMs;
  for (;;) {
    const now = memoryOf(stage);
    if (auditMemory(before, now).length === 0 || Date.now() > deadline) return now;
    await sleep(1_000);
  }
}

function auditMemory(before: readonly number[], after: readonly number[]): Violation[] {
  const grown = after.filter((bytes, at) => bytes > (before[at] ?? 0) + memoryGrowth);
  if (grown.length === 0) return [];
  const examples = after.map((bytes, at) => `${megabytes(before[at] ?? 0)} MB became ${megabytes(bytes)} MB`);
  return [{ invariant: 'memory returns to its level', count: grown.length, examples }];
}

function auditEnds({ observations, alertObservations }: Stage): Violation[] {
  const unexpectedEnds = [...observations.unexpectedEnds, ...alertObservations.unexpectedEnds];
  if (unexpectedEnds.length === 0) return [];
  return [{ invariant: 'workers end only when killed', count: unexpectedEnds.length, examples: unexpectedEnds }];
}

/** Bytes in whole megabytes. */
export function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}
