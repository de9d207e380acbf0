/** Runs all benchmarks one after another and writes what they print into bench/README.md: `npm run bench`. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
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
      '200 simulated topics, hour by hour, two weeks to learn from and two to watch, five seeds. Usual negatives are ' +
      '0.2 to 4 an hour, follow the day and the week, and vary more than chance (variance = mean + 0.2 · mean²). In ' +
      'every second topic something goes wrong once: 8 more negatives an hour for 6 hours. An alarm that goes on from ' +
      'the hour before is the same alarm; the lag counts the hour that has to end.',
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

const [cpu] = cpus();
const sections = benchmarks.map(({ file, title, about }) => {
  process.stderr.write(`${title}\n`);
  return `## ${title}\n\n${about} \`npx tsx bench/${file}\`\n\n${run(file).trim()}\n`;
});
const page = [
  '# Benchmarks',
  '',
  `Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpu?.model.trim()}, ` +
    `Node ${process.version}, ${process.platform} ${process.arch}. The machine is shared and noisy: trust ratios within ` +
    'one run more than any single figure.',
  '',
  ...sections,
].join('\n');
writeFileSync(new URL('README.md', import.meta.url), page);
