import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosWorker } from './chaos-worker.ts';
import type { PlannedFault } from './fault-plan.ts';
import type { Link } from './link.ts';
import type { ChaosServer } from './server.ts';
import type { Stage } from './stage.ts';

/** How long it took until messages flowed again after a kill. */
export interface Recovery {
  readonly target: 'worker' | 'broker' | 'database';
  /** Milliseconds from the kill until every affected partition was committed again; undefined when it was not. */
  readonly ms: number | undefined;
  /** Milliseconds from the kill until the process was there again and, if a server, took connections. */
  readonly backMs?: number;
}

/** How long to wait for partitions to be committed again, in milliseconds. */
export const recoveryDeadlineMs = 120_000;

/** Whatever can be killed, started, stopped and continued. */
type Process = Pick<ChaosServer & ChaosWorker, 'signal' | 'kill'> & { start(): void | Promise<void> };

/** Lets a fault happen and mends it; resolves when it is over. */
export async function inflict(fault: PlannedFault, stage: Stage): Promise<void> {
  const { kind, lastsMs } = fault;
  if (kind === 'kill') {
    const victim = processOf(fault, stage);
    await victim.kill();
    await sleep(lastsMs);
    await victim.start();
  } else if (kind === 'pause') {
    const victim = processOf(fault, stage);
    victim.signal('SIGSTOP');
    await sleep(lastsMs);
    victim.signal('SIGCONT');
  } else if (kind === 'disk') {
    const { refuseWrites } = fault.target === 'broker' ? stage.broker : stage.database;
    refuseWrites?.(true);
    await sleep(lastsMs);
    refuseWrites?.(false);
  } else {
    const links = linksOf(fault, stage);
    for (const link of links) link.set(kind);
    await sleep(lastsMs);
    for (const link of links) link.set('open');
  }
}

/** After a kill: until messages flow again in all partitions that it concerns; undefined when it concerns none. */
export async function recovery(fault: PlannedFault, stage: Stage, since: number): Promise<Recovery | undefined> {
  const { observations, workers } = stage;
  const all = workers.flatMap(({ worker }) => [...observations.partitionsOf(worker.name)]);
  const ofWorker = fault.target === 'broker' || fault.target === 'database' ? undefined : fault.target;
  const concerned = new Set(ofWorker === undefined ? all : observations.partitionsOf(ofWorker));
  if (concerned.size === 0) return undefined;
  const ms = await observations.untilHandled(concerned, since, recoveryDeadlineMs);
  return { target: fault.target === 'broker' || fault.target === 'database' ? fault.target : 'worker', ms };
}

function processOf({ target }: PlannedFault, stage: Stage): Process {
  if (target === 'broker' || target === 'database') return stage[target];
  return workerOf(target, stage).worker;
}

function linksOf({ target, from }: PlannedFault, stage: Stage): Link[] {
  const workers = [...stage.workers, stage.alertWorker];
  if (target === 'broker') return [stage.producerLink, ...workers.map(({ links }) => links.broker)];
  if (target === 'database') return workers.map(({ links }) => links.database);
  const { links } = workerOf(target, stage);
  return from === undefined ? Object.values(links) : [links[from]];
}

function workerOf(name: string, { workers, alertWorker }: Stage) {
  const found = [...workers, alertWorker].find(({ worker }) => worker.name === name);
  if (found === undefined) throw new Error(`no such worker: ${name}`);
  return found;
}
