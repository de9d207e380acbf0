import Table from 'cli-table3';
import type { Counted, LabelReport } from '../insight/label-diff.ts';
import { printable } from './printable.ts';

/** What changed, for a terminal: share, sentiments before and after as a table, labels, examples by key. */
export function labelReportText({
  records,
  changed,
  transitions,
  added,
  removed,
  turned,
  examples,
}: LabelReport): string {
  if (records === 0) return 'No records.\n';
  const percent = ((100 * changed) / records).toFixed(1);
  const lines = examples.map(({ key, from, to, added, removed, turned }) => {
    const labels = [...added.map((label) => `+${label}`), ...removed.map((label) => `-${label}`), ...turned];
    return `  ${printable(key)}  ${[...(from === to ? [] : [`${from} > ${to}`]), ...labels].join(', ')}`;
  });
  return [
    `${changed} of ${records} records change (${percent} %)`,
    transitionTable(transitions),
    ...counted('added', added),
    ...counted('removed', removed),
    ...counted('turned', turned),
    ...(lines.length === 0 ? [] : ['', 'for example', ...lines]),
    '',
  ].join('\n');
}

function transitionTable(transitions: LabelReport['transitions']): string {
  const names = [...new Set(transitions.flatMap(({ from, to }) => [from, to]))].sort();
  const count = (from: string, to: string) =>
    transitions.find((transition) => transition.from === from && transition.to === to)?.count ?? 0;
  const table = new Table({
    head: ['before \\ after', ...names],
    colAligns: ['left', ...names.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const from of names) table.push([from, ...names.map((to) => count(from, to))]);
  return table.toString();
}

function counted(title: string, counts: Counted): string[] {
  return counts.length === 0 ? [] : [`${title}: ${counts.map(([label, count]) => `${label} ${count}`).join(', ')}`];
}
