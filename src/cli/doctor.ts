import { statfs } from 'node:fs/promises';
import { exitCodes } from '../app/exit-code.ts';
import { openAnalyzer } from '../app/open-analyzer.ts';
import { openServers, type Servers } from '../app/servers.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import { inputTopics, topicNames } from '../domain/topics.ts';
import { checkKafka } from '../kafka/check.ts';
import { connectKafka } from '../kafka/connection.ts';
import { fetchLag } from '../kafka/lag.ts';
import { Closing } from '../runtime/closing.ts';
import { type Database, openPreparedDatabase } from '../store/database.ts';
import { countStaleRollups } from '../store/rollups.ts';
import { createLogger } from '../telemetry/logger.ts';
import { clockSkewMs } from './clock-skew.ts';
import { type Terminal, write } from './terminal.ts';

const scarceDiskBytes = 1_073_741_824;
/** Leases on dead letters go by MongoDB's clock, the age of feedback by ours. */
const mostSkewMs = 10_000;

/**
 * Checks everything a worker needs, one line each, and says what to do where something is wrong.
 *
 * @returns the exit code: 1 when a check failed
 */
export async function doctor(terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  let failed = 0;
  const check = async (name: string, run: () => Promise<string>) => {
    const [mark, finding] = await run().then(
      (found) => ['ok  ', found] as const,
      (error: unknown) => ['FAIL', error instanceof Error ? error.message : String(error)] as const,
    );
    if (mark === 'FAIL') failed++;
    await write(terminal.output, `${mark}  ${name.padEnd(9)} ${finding}\n`);
  };
  const closing = new Closing();
  try {
    await check('settings', async () => 'all names and values are known');
    await check('disk', () => checkDisk());
    await check('analysis', () => checkAnalysis(settings));
    const servers = closing.add(await openServers(settings), (opened) => opened.close());
    await check('kafka', () => checkTopics(settings, servers));
    await check('mongodb', () => checkDatabase(servers));
    return failed > 0 ? exitCodes.failure : exitCodes.success;
  } finally {
    await closing.closeAll();
  }
}

async function checkDisk(): Promise<string> {
  const { bavail, bsize } = await statfs('.');
  const free = bavail * bsize;
  const finding = `${(free / 1e9).toFixed(1)} GB free`;
  if (free < scarceDiskBytes) throw new Error(`${finding}; the embedded servers need room: free at least 1 GB`);
  return finding;
}

async function checkAnalysis(settings: Settings): Promise<string> {
  const analyzer = await openAnalyzer({ ...settings, KOE_ANALYSIS_PROCESSES: 1 });
  try {
    const { model, dictionary, lexicon, taxonomy } = analyzer.versions;
    const [result] = await analyzer.analyze([{ text: '画面が見にくいです。' }]);
    if (result === undefined || 'failure' in result) throw new Error('a test sentence could not be analysed');
    return `model ${model}, dictionary ${dictionary}, lexicon ${lexicon}, taxonomy ${taxonomy}`;
  } finally {
    await analyzer.close();
  }
}

async function checkTopics(settings: Settings, servers: Servers): Promise<string> {
  const connection = connectKafka(servers.kafka, createLogger({ level: 'silent', name: 'koe-doctor' }));
  const { brokers, topics } = await checkKafka(connection);
  const names = topicNames(settings.KOE_TOPIC_PREFIX);
  const inputs = inputTopics(names);
  const missing = [...inputs, names.enriched, names.deadLetters].filter((name) => !topics.includes(name));
  const found = `${brokers.length} broker${brokers.length === 1 ? '' : 's'}`;
  if (missing.length > 0) return `${found}; a worker will create ${missing.join(', ')}`;
  const lags = await fetchLag(connection, settings.KOE_GROUP_ID, inputs);
  return `${found}, all topics, ${lags.reduce((sum, { lag }) => sum + lag, 0)} messages waiting`;
}

async function checkDatabase(servers: Servers): Promise<string> {
  const database = await openPreparedDatabase(servers.database);
  try {
    const { version, replicaSet, missing } = await database.describe();
    if (!replicaSet) throw new Error(`MongoDB ${version} is not a replica set; start mongod with --replSet`);
    const [records, stale] = await Promise.all([
      database.records.estimatedDocumentCount(),
      countStaleRollups(database),
    ]);
    await checkClock(database);
    const state =
      missing.length > 0 ? `a worker will create ${missing.join(', ')}` : 'collections and indexes in place';
    const found = `MongoDB ${version}, ${state}, clocks agree`;
    return `${found}, ${records} records, ${stale} hours of roll-ups pending`;
  } finally {
    await database.close();
  }
}

async function checkClock(database: Database): Promise<void> {
  const before = Date.now();
  const theirs = await database.now();
  const skewMs = clockSkewMs(before, theirs.getTime(), Date.now());
  if (Math.abs(skewMs) <= mostSkewMs) return;
  const relation = skewMs > 0 ? 'ahead of' : 'behind';
  throw new Error(
    `MongoDB's clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${relation} this machine's; let both follow a time server`,
  );
}
