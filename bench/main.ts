/**
 * Runs benchmarks one after another and writes what they print into bench/README.md: `npm run bench` for all,
 * `npm run bench -- text.ts alerts.ts` for some, the other sections staying as they are.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const benchmarks = [
  {
    file: 'pipeline.ts',
    title: 'Pipeline',
    about:
      'An enrich worker in a process of its own reads feedback that waits in the embedded Kafka broker and stores it in ' +
      'the embedded MongoDB server, both in processes of their own on the same machine. Messages per second from the ' +
      'first record to the last. The model alone is the analyzer on the same texts, with as many processes. The ' +
      'three take turns three times, and the best run of each counts.',
  },
  {
    file: 'backlog.ts',
    title: 'Backlog',
    about: "Memory of the worker's process while it handles the first 40,000 of the messages that wait for it.",
  },
  {
    file: 'model.ts',
    title: 'Model',
    about: 'Sentences of 36 to 44 characters; best of eight rounds in which the stages take turns.',
  },
  {
    file: 'text.ts',
    title: 'Text',
    about: 'Everything but the transformer for one message, on one core; medians.',
  },
  {
    file: 'alerts.ts',
    title: 'Alerts',
    about:
      '200 simulated topics, two weeks to learn from and two to watch, five seeds. Usual negatives are 0.2 to 4 an hour, ' +
      'follow the day and the week, and vary more than chance (variance = mean + 0.2 · mean²). In every second topic ' +
      'something goes wrong once: 8 more negatives an hour for 6 hours. The lag is from its beginning to the end of the ' +
      'window that alarms.',
  },
  {
    file: 'alert-delay.ts',
    title: 'From complaint to webhook',
    about:
      'An enrich worker with the transformer and an alert worker, both as they are by default, embedded servers in ' +
      'processes of their own, two weeks of usual feedback stored before. Then a complaint about deliveries every 20 ' +
      'seconds, 30 in ten minutes, in real time: no clock is bent. Ends with the first webhook.',
  },
  {
    file: 'insight.ts',
    title: 'Questions',
    about:
      '1,000,000 enriched records of 90 days and 50,000 customers, as koe makes them of 256 texts, in the embedded ' +
      'MongoDB server in a process of its own; roll-ups recounted from them. Medians of nine of the queries behind the ' +
      'commands and the API, called from one process. What is not read from roll-ups is told with its plan.',
  },
  {
    file: 'embedded-mongo.ts',
    title: 'Embedded MongoDB server',
    about: '100,000 enriched records of about 1 KB, through the driver; medians of nine.',
  },
  {
    file: 'embedded-kafka.ts',
    title: 'Embedded Kafka broker',
    about: 'Messages of about 300 bytes through kafkajs in the same process.',
  },
];

const run = (file: string) =>
  execFileSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL(file, import.meta.url))], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const asked = process.argv.slice(2);
const unknown = asked.filter((file) => benchmarks.every((one) => one.file !== file));
if (unknown.length > 0) throw new Error(`there is no benchmark ${unknown.join(', ')}`);

const readme = new URL('README.md', import.meta.url);
const [, ...written] = readFileSync(readme, 'utf8').split(/^(?=## )/m);
const [cpu] = cpus();
const machine = `${cpus().length} × ${cpu?.model.trim()}, Node ${process.version}, ${process.platform} ${process.arch}`;
const today = new Date().toISOString().slice(0, 10);
const sections = benchmarks.flatMap(({ file, title, about }) => {
  if (asked.length > 0 && !asked.includes(file)) return written.find((one) => one.startsWith(`## ${title}\n`)) ?? [];
  process.stderr.write(`${title}\n`);
  return `## ${title}\n\n${about} \`npx tsx bench/${file}\`, ${today}, ${machine}.\n\n${run(file).trim()}\n`;
});
const page = [
  '# Benchmarks',
  '',
  'Written by `npm run bench`. The machine is shared and noisy: trust ratios within one run more than any single figure.',
  '',
  ...sections.map((section) => `${section.trim()}\n`),
].join('\n');
writeFileSync(readme, page);
