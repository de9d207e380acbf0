/** What questions take at 1,000,000 records of 90 days (or as many of as many as are given); prints a Markdown table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document } from 'mongodb';
import { createAnalyzer } from '../src/app/analyzer.ts';
import type { AnalyzedText } from '../src/domain/analysis.ts';
import { feedbackSchema } from '../src/domain/feedback.ts';
import { channels } from '../src/domain/labels.ts';
import { seededRandom } from '../src/insight/seeded-random.ts';
import { buildRecord } from '../src/pipeline/record.ts';
import { packageRoot } from '../src/runtime/package-root.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { type RecordDocument, toDocument } from '../src/store/documents.ts';
import { queryDrivers } from '../src/store/driver-query.ts';
import { queryEmerging } from '../src/store/emerging-query.ts';
import { type FeedbackFilter, matching } from '../src/store/feedback-filter.ts';
import { queryFeedback } from '../src/store/feedback-query.ts';
import { recountHours, refreshRollups } from '../src/store/rollups.ts';
import { querySurveys } from '../src/store/survey-query.ts';
import { queryVoices } from '../src/store/voice-query.ts';
import { temporaryFolder } from '../test/support/folder.ts';
import { startKoe } from '../test/support/koe-process.ts';
import { until } from '../test/support/until.ts';
import { texts } from './load.ts';
import { medianMs } from './median.ts';

const records = Number(process.argv[2] ?? 1_000_000);
const days = Number(process.argv[3] ?? 90);
const customers = 50_000;
const batch = 1000;
const attempts = 10;
const runs = 9;
const heapMb = 16_384;
const [dayMs, hourMs] = [86_400_000, 3_600_000];
const end = Math.floor(Date.now() / hourMs) * hourMs;
const begin = end - days * dayMs;
const tenant = 'shop';
const regions = ['札幌', '仙台', '東京', '横浜', '名古屋', '大阪', '広島', '福岡'];

/** What koe makes of each text; every record of the benchmark is one of these under other circumstances. */
async function analyses(): Promise<Analyzed[]> {
  const modelDir = join(packageRoot(), 'models/encoder');
  const analyzer = await createAnalyzer({ modelDir, processes: 1, textTimeoutMs: 60_000, pipelineVersion: 'bench' });
  const results = await analyzer.analyze(texts.map((text) => ({ text })));
  await analyzer.close();
  return results.flatMap((result, at) =>
    'analysis' in result ? [{ text: texts[at] ?? '', result, versions: analyzer.versions }] : [],
  );
}

interface Analyzed {
  readonly text: string;
  readonly result: AnalyzedText;
  readonly versions: Parameters<typeof buildRecord>[3];
}

/** Record number so and so, as the pipeline would store it; the later the number, the later it was said. */
function document(number: number, analyzed: readonly Analyzed[], random: () => number): RecordDocument {
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
  const { text, result, versions } = pick(analyzed);
  const channel = channels[number % channels.length] ?? 'review';
  const at = begin + ((number + random()) / records) * (end - begin);
  const feedback = feedbackSchema.parse({
    ...{ id: `piece-${number}`, tenant, channel, text },
    occurredAt: new Date(at).toISOString(),
    customerId: `customer-${Math.floor(random() * customers)}`,
    ...(channel === 'survey' && { survey: { metric: 'nps', score: Math.floor(random() * 11), min: 0, max: 10 } }),
    ...(channel === 'review' && { rating: { value: 1 + Math.floor(random() * 5), min: 1, max: 5 } }),
    attributes: { region: pick(regions), product: `P-${100 + Math.floor(random() * 40)}` },
  });
  const origin = { receivedAt: at + 2000, topic: `koe.feedback.${channel}.v1`, partition: number % 6, offset: '1' };
  return toDocument(buildRecord({ feedback, personalData: {} }, result, origin, versions, (_, id) => id));
}

async function fill(database: Database): Promise<void> {
  const analyzed = await analyses();
  const random = seededRandom(1);
  let underWay: Promise<unknown> = Promise.resolve();
  for (let number = 0; number < records; number += batch) {
    const size = Math.min(batch, records - number);
    const documents = Array.from({ length: size }, (_, index) => document(number + index, analyzed, random));
    await underWay;
    if (number % 100_000 === 0) process.stderr.write(`${number.toLocaleString('en')} stored\n`);
    underWay = store(database, documents);
  }
  await underWay;
}

/** Collecting garbage of so many documents can make the server miss its heartbeats: then the batch goes again. */
async function store(database: Database, documents: readonly RecordDocument[]): Promise<void> {
  const operations = documents.map((replacement) => {
    return { replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true } };
  });
  for (let attempt = 1; ; attempt++) {
    try {
      if (attempt === 1) await database.records.insertMany([...documents], { ordered: false });
      else await database.records.bulkWrite(operations, { ordered: false });
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
      process.stderr.write(`a batch goes again: ${error instanceof Error ? error.message : error}\n`);
    }
  }
}

async function countUp(database: Database): Promise<void> {
  const hours = Array.from({ length: days * 24 }, (_, at) => ({ tenant, hour: new Date(begin + at * hourMs) }));
  for (let from = 0; from < hours.length; from += 500) await recountHours(database, hours.slice(from, from + 500));
  while ((await refreshRollups(database, 100)) > 0);
}

interface Question {
  readonly name: string;
  readonly ask: () => Promise<unknown>;
  /** The query on the records behind it, whose plan is told. */
  readonly reads?: { readonly filter: Document; readonly sort?: Document; readonly limit?: number };
}

function questions(database: Database): Question[] {
  const of = (length: number, more: Partial<FeedbackFilter> = {}): FeedbackFilter => {
    return { tenant, since: new Date(end - length * dayMs), until: new Date(end), ...more };
  };
  const painPoints = (filter: FeedbackFilter, more: { by?: string; topic?: 'delivery' } = {}) =>
    queryVoices(database, { ...filter, ...more, stance: 'criticism', sort: 'volume', limit: 20 });
  const inTokyo = { attributes: { region: '東京' } };
  const newest = { occurredAt: -1, _id: -1 };
  const page = (name: string, filter: FeedbackFilter, more: object, reads: Document): Question => ({
    name,
    ask: () => queryFeedback(database, { ...filter, ...more, limit: 50 }),
    reads: { filter: { ...matching(filter), ...reads }, sort: newest, limit: 50 },
  });
  const answered = { 'survey.metric': 'nps' };
  return [
    ...[7, 30, 90].map((length) => ({ name: `pain points, ${length} days`, ask: () => painPoints(of(length)) })),
    { name: 'pain points, 7 days, reviews', ask: () => painPoints(of(7, { channel: 'review' })) },
    {
      name: 'pain points, 7 days, region=東京',
      ask: () => painPoints(of(7, inTokyo)),
      reads: { filter: matching(of(7, inTokyo)) },
    },
    {
      name: 'pain points, 7 days, by region',
      ask: () => painPoints(of(7), { by: 'region' }),
      reads: { filter: matching(of(7)) },
    },
    {
      name: 'emerging, 7 days against 28',
      ask: () => queryEmerging(database, { ...of(7), baselineSince: new Date(end - 35 * dayMs), limit: 20 }),
    },
    page('first page of feedback, 7 days', of(7), {}, {}),
    page('first page of feedback, 90 days', of(90), {}, {}),
    page('first page about delivery, 90 days', of(90), { topic: 'delivery' }, { 'topics.id': 'delivery' }),
    page('first page from 東京, 90 days', of(90, inTokyo), {}, {}),
    page('first page that says 配送, 90 days', of(90), { text: '配送' }, { text: { $regex: '配送' } }),
    {
      name: 'NPS, 30 days',
      ask: () => querySurveys(database, { ...of(30), limit: 20 }),
      reads: { filter: { ...matching(of(30)), ...answered } },
    },
    {
      name: 'NPS, 30 days, by region',
      ask: () => querySurveys(database, { ...of(30), by: 'region', limit: 20 }),
      reads: { filter: { ...matching(of(30)), ...answered } },
    },
    {
      name: 'drivers, 30 days',
      ask: () => queryDrivers(database, of(30)),
      reads: { filter: { ...matching(of(30)), ...answered } },
    },
  ];
}

async function planOf(database: Database, reads: Question['reads']): Promise<string> {
  if (reads === undefined) return 'roll-ups';
  const { filter, sort = {}, limit = 0 } = reads;
  const plan = await database.records
    .find(filter)
    .sort(sort as never)
    .limit(limit)
    .explain('executionStats');
  const { totalKeysExamined, nReturned } = plan.executionStats;
  const stages = JSON.stringify(plan.queryPlanner.winningPlan);
  const index = /"indexName":"(\w+)"/.exec(stages)?.[1] ?? 'a scan of the collection';
  const sorts = stages.includes('"SORT"') ? ', sorted in memory' : '';
  return `${index}: ${Number(totalKeysExamined).toLocaleString('en')} keys, ${Number(nReturned).toLocaleString('en')} found${sorts}`;
}

/** Milliseconds of processor time that a process has used so far, to hundredths of a second. */
function processorMs(pid: number | undefined): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13);
  return 10 * (Number(user) + Number(system));
}

/** Largest and present resident set of a process, in MB. */
function memoryOf(pid: number | undefined): { largest: number; now: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return { largest: megabytes('VmHWM'), now: megabytes('VmRSS') };
}

const folder = await temporaryFolder();
const server = startKoe(['embedded', 'mongo', '--data', folder.path], {
  environment: { NODE_OPTIONS: `--max-old-space-size=${heapMb}` },
});
await until(`the server is ready: ${server.errors()}`, () => server.output().includes('\n'), 20_000);
const database = await openDatabase({ uri: server.output().trim(), database: 'koe' });
const seconds = async (work: Promise<void>) => {
  const started = performance.now();
  await work;
  return (performance.now() - started) / 1000;
};
const filling = await seconds(fill(database));
process.stderr.write(`filled in ${filling.toFixed(0)} s\n`);
const counting = await seconds(countUp(database));
process.stderr.write(`counted in ${counting.toFixed(0)} s\n`);
const rows: string[] = [];
for (const { name, ask, reads } of questions(database)) {
  const used = () => processorMs(process.pid) + processorMs(server.child.pid);
  await ask();
  const before = used();
  const median = await medianMs(runs, ask);
  const processor = (used() - before) / runs;
  rows.push(`| ${name} | ${median.toFixed(0)} | ${processor.toFixed(0)} | ${await planOf(database, reads)} |`);
  process.stderr.write(`${rows.at(-1)}\n`);
}
const memory = memoryOf(server.child.pid);
await database.close();
await server.kill('SIGTERM');
await folder.remove();

console.log(
  [
    '| question | milliseconds | of processor time | read from |',
    '|---|--:|--:|---|',
    ...rows,
    '',
    `Storing took ${filling.toFixed(0)} s (${(records / filling).toFixed(0)} records/s), counting all ${days * 24} hours from their ` +
      `records ${counting.toFixed(0)} s. The server's process: ${memory.now} MB resident with everything in memory, ${memory.largest} MB ` +
      `at most; its heap was allowed ${heapMb / 1024} GB (\`NODE_OPTIONS=--max-old-space-size=${heapMb}\`).`,
  ].join('\n'),
);
