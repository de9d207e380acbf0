import type { UncoveredReport } from '../app/uncovered-report.ts';
import { lines, oneLine, textTable } from './table.ts';

/** What no topic covers, or nothing where there was no model to compare texts by or nothing to compare. */
export function uncoveredTable(report: UncoveredReport | undefined, columns: number): string {
  if (report === undefined || report.texts === 0) return '';
  const { texts, issues } = report;
  const title = `Not covered by any topic: ${texts} pieces of feedback`;
  if (issues.length === 0) return lines(['', `${title}, no five of which say the same.`]);
  const table = textTable(
    [{ head: 'spoken of' }, { head: 'feedback', align: 'right' }],
    issues.map(({ names, count, examples }) => ({
      cells: [names.join('、') || '-', count],
      below: examples.map(({ text }) => oneLine(`「${text}」`, columns - 4)).join('\n'),
    })),
  );
  return lines(['', title, table]);
}
