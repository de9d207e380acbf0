import { writeFileSync } from 'node:fs';
import { factsOf, worldTenant } from '../../src/world/facts.ts';
import { hourMs } from '../../src/world/timing.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runKoe, startKoe } from '../support/koe-process.ts';
import { until } from '../support/until.ts';
import { type Finding, findings } from './facts.ts';

// Runs the demo and asks it everything it has an answer to; writes docs/demo.md, and fails where a truth is not found.

const loadingMs = 30 * 60_000;
const page = 'docs/demo.md';
const shownLines = 40;

interface Answered {
  readonly command: string;
  readonly shown: string;
  readonly missing: readonly string[];
}

const folder = await temporaryFolder();
const environment = { KOE_DATA_DIR: folder.path };
const end = Math.floor(Date.now() / hourMs) * hourMs;
const started = performance.now();
const demo = startKoe(['demo'], { environment });
const failed = demo.exited.then((code) => {
  throw new Error(`the demo ended with ${code}: ${demo.errors()}`);
});
await Promise.race([until('the demo is loaded', () => demo.output().includes('until Ctrl-C'), loadingMs), failed]);
const seconds = Math.round((performance.now() - started) / 1000);
process.stdout.write(`loaded in ${seconds} s\n`);
const [, key = '', url = ''] = /Bearer (\S+?)' '(http:\/\/[^/]+)\//.exec(demo.output()) ?? [];

const sections: string[] = [];
for (const { title, truth, asks, missing } of findings(factsOf(end))) {
  const answered = asks.startsWith('/') ? await askApi(asks, missing) : await askCommand(asks, missing);
  for (const what of answered.missing) {
    process.stdout.write(`NOT FOUND  ${title}: ${what}\n`);
    process.exitCode = 1;
  }
  process.stdout.write(`${answered.missing.length === 0 ? 'found' : 'missed'}  ${title}\n`);
  sections.push(
    `## ${title}\n\n${truth}\n\n\`\`\`\n${answered.command}\n\`\`\`\n\n\`\`\`\n${answered.shown.trimEnd()}\n\`\`\`\n`,
  );
}
const code = await Promise.race([demo.kill('SIGTERM'), failed.catch(() => demo.exited)]);
process.stdout.write(`the demo ended with ${code}\n`);
await folder.remove();
writeFileSync(page, `${introduction()}\n${sections.join('\n')}`);

async function askCommand(asks: string, missing: Finding['missing']): Promise<Answered> {
  const args = [...asks.split(' '), '--tenant', worldTenant];
  const told = await runKoe(args, { environment });
  const machine = await runKoe([...args, '--json'], { environment });
  if (told.exit !== 0 || machine.exit !== 0) throw new Error(`koe ${asks}: ${told.errors}${machine.errors}`);
  // Alerts come as one document a line.
  const lines = machine.output.trim().split('\n');
  const answer = asks.startsWith('alerts') ? lines.map((line) => JSON.parse(line)) : JSON.parse(machine.output);
  const shown = told.output.split('\n');
  const cut = shown.length > shownLines ? [...shown.slice(0, shownLines), '…'] : shown;
  return {
    command: `npm run -s koe -- ${args.join(' ')}`,
    shown: cut.join('\n'),
    missing: missing(answer as never),
  };
}

async function askApi(asks: string, missing: Finding['missing']): Promise<Answered> {
  const response = await fetch(url + encodeURI(asks), { headers: { authorization: `Bearer ${key}` } });
  if (!response.ok) throw new Error(`${asks}: ${response.status} ${await response.text()}`);
  const answer = (await response.json()) as { items: Record<string, unknown>[] };
  const told = answer.items.slice(0, 3).map(({ id, occurredAt, status, duplicateOf, text, topics }) => {
    return JSON.stringify({
      id,
      occurredAt,
      status,
      duplicateOf,
      text,
      topics: (topics as { id: string }[]).map((one) => one.id),
    });
  });
  return {
    command: `curl -H "Authorization: Bearer $KEY" "$API${asks}"    # of ${answer.items.length}: id, status, duplicateOf, text, topics`,
    shown: told.join('\n'),
    missing: missing(answer as never),
  };
}

function introduction(): string {
  return `# The demo's world

\`npm run demo\` loads 90 days of the fictional ほしくず商会, which sells kitchen things and coffee in twelve shops, online and
by subscription: about 6,000 pieces of feedback put together from 780 sentences written for koe
([models/world/phrases.tsv](../models/world/phrases.tsv)), and 800 customers with some 14,000 events. Everything goes through
Kafka, the enrich worker with its transformer, and MongoDB, as it would in earnest. The world is made from a seed
([src/world](../src/world)) and ends in the hour in which the demo starts. \`--once\` ends after the last table, \`--size small\`
leaves out three quarters of what is said on ordinary days.

What is true of this world is known, so it is known too what must be found. This page was written by \`npm run world\` on
${new Date(end).toISOString().slice(0, 10)}, which loads the world, asks everything below, and fails where a truth is not found.
While \`npm run demo\` runs, every command can be typed in another terminal; the demo prints the address of the API and a key.
`;
}
