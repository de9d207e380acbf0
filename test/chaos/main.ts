import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { ChaosResult } from './chaos.ts';
import { limits } from './limits.ts';
import { rebalances } from './rebalances.ts';
import { reportOf, withSection } from './report.ts';
import { brokenChaos, brokers, chaos, databases } from './scenarios.ts';

// Chaos: koe's guarantees while everything around it breaks. `npm run test:chaos -- --help` lists the options.
const parts = ['chaos', 'broken', 'rebalances', 'limits'] as const;
const { values: given } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    seed: { type: 'string', default: process.env.KOE_CHAOS_SEED ?? String(Date.now() % 1_000_000) },
    seconds: { type: 'string', default: '180' },
    rate: { type: 'string', default: '500' },
    drills: { type: 'string', default: '3' },
    runs: { type: 'string', default: '1' },
    broker: { type: 'string', default: 'embedded' },
    database: { type: 'string', default: 'embedded' },
    only: { type: 'string', default: parts.join(',') },
    report: { type: 'string' },
  },
});

const usage = `--seed N        chooses faults and messages; also KOE_CHAOS_SEED; any by default
--seconds N     time with faults (180)
--rate N        messages a second (500)
--drills N      kills of a worker, the broker and the database one at a time, to measure recovery (3)
--runs N        chaos so many times, each with the next seed; one report of all (1)
--broker NAME   ${brokers.join(', ')}
--database NAME ${databases.join(', ')}
--only PARTS    of ${parts.join(',')}: all faults on the workers that ship; workers with a fault built in, which
                must be found out; members that join and leave beside a message that takes a minute;
                messages, batches, headers and clusters that are very large
--report FILE   where to keep the report`;

// What was started ends with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const begun = Date.now();
const say = (what: string) => console.log(`${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${what}`);

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new Error(`--${name} is one of ${allowed.join(', ')}`);
  return found;
}

async function runChaosPart(): Promise<boolean> {
  const servers = {
    broker: oneOf('broker', given.broker, brokers),
    database: oneOf('database', given.database, databases),
  };
  const [seed, seconds, rate, drills] = [given.seed, given.seconds, given.rate, given.drills].map(Number) as Numbers;
  const results: Awaited<ReturnType<typeof chaos>>[] = [];
  for (let run = 0; run < Number(given.runs) && results.every(isWell); run++) {
    say(`run ${run + 1} of ${given.runs}, seed ${seed + run}`);
    const result = await chaos(servers, { seed: seed + run, rate, lastsMs: seconds * 1000, drills, say });
    if (result.folder !== undefined) say(`logs are in ${result.folder}`);
    results.push(result);
    const section = reportOf(results, { ...result.names, seed, rate, seconds });
    console.log(`\n${section}`);
    if (given.report !== undefined) {
      await writeFile(given.report, withSection(await readFile(given.report, 'utf8'), section));
    }
  }
  return results.every(isWell);
}

type Numbers = [seed: number, seconds: number, rate: number, drills: number];

function isWell({ violations }: ChaosResult): boolean {
  return violations.length === 0;
}

/** What the suite has to find in workers with a fault built in. */
const expected = {
  'commit-first': /^(nothing is committed before|every piece is stored)/,
  'count-up': /^roll-ups equal a recount/,
} as const;

async function runBrokenPart(): Promise<boolean> {
  let found = true;
  for (const fault of ['commit-first', 'count-up'] as const) {
    const options = {
      seed: Number(given.seed),
      rate: Math.min(200, Number(given.rate)),
      lastsMs: 24_000,
      drills: 0,
      say,
    };
    const { violations } = await brokenChaos(fault, options);
    const caught = violations.some(({ invariant }) => expected[fault].test(invariant));
    say(`workers that ${fault} ${caught ? 'are found out' : 'are NOT found out'}:`);
    for (const { invariant, count } of violations) say(`  ${invariant}: ${count} violations`);
    found &&= caught;
  }
  return found;
}

const runs = {
  chaos: runChaosPart,
  broken: runBrokenPart,
  rebalances: () => rebalances(say),
  limits: () => limits(say),
};
if (given.help) console.log(usage);
else {
  const failed: string[] = [];
  for (const part of given.only.split(',').map((name) => oneOf('only', name, parts))) {
    if (!(await runs[part]())) failed.push(part);
  }
  say(failed.length === 0 ? 'all is well' : `failed: ${failed.join(', ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
