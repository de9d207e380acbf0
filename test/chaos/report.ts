import { cpus, totalmem } from 'node:os';
import type { ChaosResult } from './chaos.ts';
import { faultKinds, targets } from './fault-plan.ts';
import { type Recovery, recoveryDeadlineMs } from './fault-runner.ts';

/** What a report tells besides the result. */
export interface ReportOptions {
  /** Names of the servers. */
  readonly broker: string;
  readonly database: string;
  /** Seed of the first run; each run after it has the next one. */
  readonly seed: number;
  readonly rate: number;
  readonly seconds: number;
}

const number = new Intl.NumberFormat('en');

/** A section of docs/reliability.md about runs on one pair of servers, in Markdown; at least one run. */
export function reportOf(results: readonly ChaosResult[], options: ReportOptions): string {
  const result = together(results);
  const { repeated, memory } = result;
  const seeds =
    results.length === 1
      ? `seed ${options.seed}`
      : `${results.length} runs in a row, seeds ${options.seed} to ${options.seed + results.length - 1}`;
  const [cpu] = cpus();
  return [
    `## ${titleOf(options)}`,
    '',
    `${new Date().toISOString().slice(0, 10)}, ${seeds}, ${options.rate} messages a second, faults for ` +
      `${options.seconds} s${results.length === 1 ? '' : ' each'}. ${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ` +
      `${process.version}.`,
    '',
    `| | ${faultKinds.join(' | ')} |`,
    `|---|${faultKinds.map(() => '--:').join('|')}|`,
    ...targets.map(
      (target) => `| ${target} | ${faultKinds.map((kind) => countOf(result, target, kind)).join(' | ')} |`,
    ),
    '',
    '| what | |',
    '|---|--:|',
    `| messages made, all acknowledged in the end | ${number.format(result.messages)} |`,
    `| in Kafka more than once, because their producer had to repeat them | ${number.format(repeated.source)} |`,
    `| handled by workers, each as often as it was committed | ${number.format(result.handled)} |`,
    `| repeated in the enriched topic | ${number.format(repeated.enriched)} |`,
    `| records whose last copy in the enriched topic is an older revision | ${number.format(repeated.lastIsOlder)} |`,
    `| dead letters repeated | ${number.format(repeated.deadLetters)} |`,
    `| alerts, the same as evaluated anew from what is stored | ${number.format(result.alerts)} |`,
    `| times a worker was given partitions | ${number.format(result.joins)} |`,
    `| until all was handled and counted after the last message | ${seconds(result.settledMs)} |`,
    ...memory.map(
      ({ worker, before, after }) => `| memory of ${worker}, before and after | ${mb(before)} → ${mb(after)} |`,
    ),
    `| violations of invariants | ${result.violations.length === 0 ? 'none' : result.violations.length} |`,
    '',
    'Until messages flow again in every partition concerned, after SIGKILL:',
    '',
    '| killed | by itself | p50 | max | itself back, p50 | amid other faults | p50 | max |',
    '|---|--:|--:|--:|--:|--:|--:|--:|',
    ...(['worker', 'broker', 'database'] as const).map(
      (target) =>
        `| ${target} | ${recoveries(result.alone, target)} | ${returns(result.alone, target)} | ${recoveries(result.amid, target)} |`,
    ),
    '',
    ...result.violations.flatMap(({ invariant, count, examples }) => [
      `- **${invariant}**: ${count}`,
      ...examples.map((example) => `  - ${example}`),
    ]),
  ].join('\n');
}

/** The runs as if they were one: what can be counted is summed, of the rest the worst is kept. */
function together(results: readonly ChaosResult[]): ChaosResult {
  const sum = (of: (result: ChaosResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const all = <T>(of: (result: ChaosResult) => readonly T[]) => results.flatMap(of);
  const workers = Math.max(...results.map(({ memory }) => memory.length));
  return {
    faults: all(({ faults }) => faults),
    messages: sum(({ messages }) => messages),
    handled: sum(({ handled }) => handled),
    joins: sum(({ joins }) => joins),
    repeated: {
      source: sum(({ repeated }) => repeated.source),
      enriched: sum(({ repeated }) => repeated.enriched),
      lastIsOlder: sum(({ repeated }) => repeated.lastIsOlder),
      deadLetters: sum(({ repeated }) => repeated.deadLetters),
    },
    amid: all(({ amid }) => amid),
    alone: all(({ alone }) => alone),
    settledMs: Math.max(...results.map(({ settledMs }) => settledMs)),
    memory: Array.from({ length: workers }, (_, worker) =>
      all(({ memory }) => memory.slice(worker, worker + 1)).reduce((worst, one) =>
        one.after - one.before > worst.after - worst.before ? one : worst,
      ),
    ),
    alerts: sum(({ alerts }) => alerts),
    violations: all(({ violations }) => violations),
  };
}

function titleOf({ broker, database }: ReportOptions): string {
  return `${broker}, ${database}`;
}

/** A page in which a section has taken the place of the one with the same title, or the last place. */
export function withSection(page: string, section: string): string {
  const [title] = section.split('\n', 1);
  const parts = page.trimEnd().split(/\n(?=## )/);
  const at = parts.findIndex((part) => part.startsWith(`${title}\n`));
  parts.splice(at < 0 ? parts.length : at, 1, section.trimEnd());
  return `${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

function countOf({ faults }: ChaosResult, target: string, kind: string): number | string {
  return faults.filter((fault) => fault.target === target && fault.kind === kind).length || '';
}

function recoveries(all: readonly Recovery[], target: Recovery['target']): string {
  const own = all.filter((recovery) => recovery.target === target);
  const times = own.flatMap(({ ms }) => ms ?? []).sort((one, other) => one - other);
  const never = own.length - times.length;
  const middle = median(times);
  const last = times.at(-1);
  if (middle === undefined || last === undefined) return `${own.length} | | `;
  return `${own.length} | ${seconds(middle)} | ${never > 0 ? `${never} × more than ${seconds(recoveryDeadlineMs)}` : seconds(last)}`;
}

/** When the killed process itself was back: the rest is what koe needs. */
function returns(all: readonly Recovery[], target: Recovery['target']): string {
  const middle = median(all.filter((recovery) => recovery.target === target).flatMap(({ backMs }) => backMs ?? []));
  return middle === undefined ? '' : seconds(middle);
}

function median(times: readonly number[]): number | undefined {
  return [...times].sort((one, other) => one - other)[Math.floor((times.length - 1) / 2)];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
