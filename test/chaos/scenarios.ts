import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startKafka } from '../support/services/kafka.ts';
import { startSecantus } from '../support/services/secantus.ts';
import { type ChaosOptions, type ChaosResult, runChaos } from './chaos.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { realServer } from './real-server.ts';
import type { ChaosServer } from './server.ts';
import { setStage } from './stage.ts';

/** Which servers a run is on. */
export const brokers = ['embedded', '3.9.2', '4.4.0'] as const;
export const databases = ['embedded', 'secantus'] as const;
export interface Servers {
  readonly broker: (typeof brokers)[number];
  readonly database: (typeof databases)[number];
}

/** A run on fresh servers, with the names of those. */
export interface StagedResult extends ChaosResult {
  readonly names: { readonly broker: string; readonly database: string };
  /** Where the logs are; undefined when they were removed because nothing is wrong. */
  readonly folder: string | undefined;
}

const everyMs = 4_000;

type RunOptions = Pick<ChaosOptions, 'seed' | 'rate' | 'lastsMs' | 'drills' | 'say'>;

/** All faults on the workers that ship: nothing may be wrong afterwards. */
export function chaos(servers: Servers, options: RunOptions): Promise<StagedResult> {
  const workerCommand = [join('dist', 'workers', 'enrich.js')];
  return stagedRun(servers, workerCommand, { ...options, kills: false, corrections: true, settleMs: 240_000 });
}

/** Workers with a fault built in: the suite is worth something only if it finds out. Faults are kills and pauses. */
export function brokenChaos(fault: 'commit-first' | 'count-up', options: RunOptions): Promise<StagedResult> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const script = fileURLToPath(new URL('broken-worker-process.ts', import.meta.url));
  const servers = { broker: 'embedded', database: 'embedded' } as const;
  const more = { kills: true, corrections: false, settleMs: 60_000 };
  return stagedRun(servers, ['--import', loader, script, fault], { ...options, ...more });
}

async function stagedRun(
  servers: Servers,
  workerCommand: readonly string[],
  options: Omit<ChaosOptions, 'everyMs' | 'allowed'> & { readonly kills: boolean },
): Promise<StagedResult> {
  const folder = await mkdtemp(join(tmpdir(), 'koe-chaos-'));
  const [broker, database] = await Promise.all([startBroker(servers, folder), startDatabase(servers, folder)]);
  options.say(`${broker.name} and ${database.name}, seed ${options.seed}, logs in ${folder}`);
  const stage = await setStage({ broker, database, folder, workerCommand });
  const allowed: ChaosOptions['allowed'] = ({ target, kind }) => {
    if (options.kills) return kind === 'kill' && target.startsWith('worker');
    return kind !== 'disk' || (target === 'broker' ? broker : database).refuseWrites !== undefined;
  };
  const result = await runChaos(stage, { ...options, everyMs, allowed }).finally(() => stage.close());
  const clean = result.violations.length === 0;
  if (clean) await rm(folder, { recursive: true });
  const names = { broker: broker.name, database: database.name };
  return { ...result, names, folder: clean ? undefined : folder };
}

async function startBroker({ broker }: Servers, folder: string): Promise<ChaosServer> {
  if (broker === 'embedded') return await startEmbeddedServer('kafka', join(folder, 'kafka'));
  return realServer(await startKafka(broker));
}

async function startDatabase({ database }: Servers, folder: string): Promise<ChaosServer> {
  if (database === 'embedded') return await startEmbeddedServer('mongo', join(folder, 'mongo'));
  return realServer(await startSecantus());
}
