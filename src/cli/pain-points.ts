import Table from 'cli-table3';
import { loadTaxonomy } from '../analysis/load-assets.ts';
import { exitCodes } from '../app/exit-code.ts';
import { openServers } from '../app/servers.ts';
import { readSettings } from '../config/settings.ts';
import type { Channel, TopicId } from '../domain/labels.ts';
import { Closing } from '../runtime/closing.ts';
import { openDatabase } from '../store/database.ts';
import { type PainPointReport, type PainPointWithVerbatim, queryPainPoints } from '../store/pain-point-query.ts';
import { parseTime } from './period.ts';
import { columnsOf, type Terminal, write } from './terminal.ts';

/** Options of `koe pain-points`. */
export interface PainPointOptions {
  readonly tenant: string;
  readonly since: string;
  readonly until?: string;
  readonly channel?: Channel;
  readonly topic?: TopicId;
  readonly attribute: Readonly<Record<string, string>>;
  readonly limit: number;
  readonly json: boolean;
}

/** Prints the ranked pain points of a period as a table, or as one JSON document. */
export async function painPoints(options: PainPointOptions, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  const now = Date.now();
  const since = parseTime(options.since, now);
  const until = options.until === undefined ? new Date(now) : parseTime(options.until, now);
  if (since >= until) throw new RangeError('--since must be before --until');
  const closing = new Closing();
  try {
    const servers = closing.add(await openServers(settings, { kafka: false, mongo: true }), (opened) => opened.close());
    const database = closing.add(await openDatabase(servers.database), (opened) => opened.close());
    const { tenant, channel, topic, attribute: attributes, limit } = options;
    const report = await queryPainPoints(database, { tenant, since, until, channel, topic, attributes, limit });
    await write(
      terminal.output,
      options.json ? `${JSON.stringify(report)}\n` : await painPointTable(report, columnsOf(terminal)),
    );
    return exitCodes.success;
  } finally {
    await closing.closeAll();
  }
}

/** Width of the table without the sentences, in columns; a Japanese character takes two. */
const columnsBeforeSentence = 112;
const shortestSentence = 14;

/** The report as a table for a terminal of so many columns, with what a reader must know to read it right below. */
export async function painPointTable(report: PainPointReport, columns: number): Promise<string> {
  const room = Math.max(shortestSentence, Math.floor((columns - columnsBeforeSentence) / 2));
  const { topics } = await loadTaxonomy();
  const names = new Map(topics.map(({ id, names }) => [id, `${names.ja} (${id})`] as const));
  const table = new Table({
    head: ['#', 'topic', 'feedback', 'negative', 'share (95 % interval)', 'before', 'in their own words'],
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const [index, point] of report.painPoints.entries()) {
    const name = names.get(point.topic) ?? point.topic;
    const row: Table.HorizontalTableRow = [
      index + 1,
      name,
      point.count,
      point.negative,
      share(point),
      report.previousFeedback === 0 ? '-' : change(point),
      sentence(point, room),
    ];
    table.push(row);
  }
  const period = `${report.feedback} pieces of feedback from ${report.since} to ${report.until}`;
  if (report.painPoints.length === 0) return `No pain points in ${period}.\n`;
  return `${table.toString()}\n${[period, ...remarks(report)].join('\n')}\n`;
}

function remarks({ previousFeedback, hoursPending }: PainPointReport): string[] {
  const before =
    previousFeedback > 0
      ? 'before: negatives in the period of the same length just before'
      : 'before: there is no feedback in the period of the same length just before';
  return hoursPending > 0 ? [before, `${hoursPending} hours are still being counted; ask again soon`] : [before];
}

function share({ negativeShare, interval: [low, high] }: PainPointWithVerbatim): string {
  const percent = (part: number) => `${Math.round(part * 100)}`;
  return `${percent(negativeShare)} % (${percent(low)}-${percent(high)})`;
}

function change({ negative, previousNegative }: PainPointWithVerbatim): string {
  const arrow = negative > previousNegative ? '↑' : negative < previousNegative ? '↓' : '=';
  return `${previousNegative} ${arrow}`;
}

function sentence({ verbatim }: PainPointWithVerbatim, room: number): string {
  if (verbatim === undefined) return '';
  const characters = [...verbatim.sentence.replaceAll(/\s+/g, ' ')];
  return characters.length > room ? `${characters.slice(0, room - 1).join('')}…` : characters.join('');
}
