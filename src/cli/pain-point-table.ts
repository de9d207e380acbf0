import Table from 'cli-table3';
import { loadTaxonomy } from '../analysis/load-assets.ts';
import type { PainPointReport, PainPointWithVerbatim } from '../store/pain-point-query.ts';
import { printable } from './printable.ts';

/** Width of the wide table without the sentences, in columns; a Japanese character takes two. */
const columnsBeforeSentence = 112;
const shortestSentence = 14;
/** Characters of a sentence below its row, in a terminal too narrow for a column of sentences. */
const sentenceBelow = 34;

/** The report as a table for a terminal of so many columns, with what a reader must know to read it right below. */
export async function painPointTable(report: PainPointReport, columns: number): Promise<string> {
  const period = `${report.feedback} pieces of feedback from ${minute(report.since)} to ${minute(report.until)} UTC`;
  if (!report.isTenantKnown) return lines(['Nothing of this tenant is stored: is its name right?']);
  if (report.painPoints.length === 0) return lines([`No pain points in ${period}`, ...pending(report)]);
  const { topics } = await loadTaxonomy();
  const names = new Map(topics.map(({ id, names }) => [id, names.ja] as const));
  const room = Math.floor((columns - columnsBeforeSentence) / 2);
  const table = room >= shortestSentence ? wideTable(report, names, room) : narrowTable(report, names);
  return lines([table.toString(), period, compared(report), ...pending(report)]);
}

type Names = ReadonlyMap<string, string>;
const style = { head: [], border: [], compact: true };

function wideTable(report: PainPointReport, names: Names, room: number): Table.Table {
  const table = new Table({
    head: ['#', 'topic', 'feedback', 'negative', 'share (95 % interval)', 'before', 'in their own words'],
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right', 'left'],
    style,
  });
  for (const [index, point] of report.painPoints.entries()) {
    const { topic, count, negative } = point;
    const name = `${names.get(topic)} (${topic})`;
    table.push([index + 1, name, count, negative, share(point), change(point, report), sentence(point, room)]);
  }
  return table;
}

/** The id of the topic stands with the sentence, below the row. */
function narrowTable(report: PainPointReport, names: Names): Table.Table {
  const table = new Table({
    head: ['#', 'topic', 'negative', 'share', 'before'],
    colAligns: ['right', 'left', 'right', 'right', 'right'],
    style,
  });
  for (const [index, point] of report.painPoints.entries()) {
    const { topic, count, negative } = point;
    table.push([index + 1, names.get(topic), `${negative}/${count}`, share(point), change(point, report)]);
    const room = sentenceBelow - Math.ceil(topic.length / 2);
    table.push([{ colSpan: 5, content: `${topic}: ${sentence(point, room)}`, hAlign: 'left' }]);
  }
  return table;
}

function compared({ previousFeedback }: PainPointReport): string {
  return previousFeedback > 0
    ? 'before: negatives in the period of the same length just before'
    : 'before: there is no feedback in the period of the same length just before';
}

function pending({ hoursPending }: PainPointReport): string[] {
  return hoursPending > 0 ? [`${hoursPending} hours are still being counted by the workers; ask again soon`] : [];
}

function share({ negativeShare, interval: [low, high] }: PainPointWithVerbatim): string {
  const percent = (part: number) => `${Math.round(part * 100)}`;
  return `${percent(negativeShare)} % (${percent(low)}-${percent(high)})`;
}

function change({ negative, previousNegative }: PainPointWithVerbatim, { previousFeedback }: PainPointReport): string {
  if (previousFeedback === 0) return '-';
  const arrow = negative > previousNegative ? '↑' : negative < previousNegative ? '↓' : '=';
  return `${previousNegative} ${arrow}`;
}

function sentence({ verbatim }: PainPointWithVerbatim, room: number): string {
  if (verbatim === undefined) return '';
  const characters = [...printable(verbatim.sentence.replaceAll(/\s+/g, ' '))];
  return characters.length > room ? `${characters.slice(0, room - 1).join('')}…` : characters.join('');
}

function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}

function lines(parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}
