import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { UsageError } from '../app/exit-code.ts';
import type { Channel } from '../domain/labels.ts';
import { zoneClock } from '../domain/zone-clock.ts';
import { checkMapping, guessMapping, type Mapping, parseMapping, splitMapping } from '../import/mapping.ts';
import { guessScale, readRating, type Scale } from '../import/read-rating.ts';
import type { DateOrder } from '../import/read-time.ts';
import type { RowReading } from '../import/row-feedback.ts';
import type { Source } from '../import/source.ts';
import { mappingTable } from './mapping-table.ts';
import { checkZone, parseTime } from './period.ts';

/** How the columns of a file are to be understood. */
export interface UnderstandingOptions {
  readonly tenant?: string;
  readonly channel?: Channel;
  /** Time of rows of which no column tells it. */
  readonly occurredAt?: string;
  /** `field=column,…` */
  readonly map?: string;
  /** Path of a YAML file. */
  readonly mapFile?: string;
  readonly timeZone: string;
  readonly dateOrder: DateOrder;
  readonly ratingScale?: Scale;
}

/**
 * Decides what the columns of a file are taken as: what is guessed, then what the options say.
 *
 * @throws UsageError or MappingError when something that feedback needs is told nowhere
 */
export async function understand(
  { columns, sample, isRagged }: Source,
  options: UnderstandingOptions,
): Promise<{ readonly reading: RowReading; told(columns: number): string }> {
  const { timeZone, dateOrder, tenant, channel } = options;
  checkZone(timeZone);
  const times = { clock: zoneClock(timeZone), dateOrder };
  const guessed = guessMapping(columns, sample, times);
  const fromFile = parseMapping(await entriesOf(options.mapFile), columns, guessed.mapping);
  const mapping = parseMapping(options.map === undefined ? [] : splitMapping(options.map), columns, fromFile);
  checkMapping(mapping);
  const missing = (field: 'tenant' | 'channel' | 'occurredAt', option: string) => {
    throw new UsageError(`no column is taken as ${field}: give ${option}, or --map ${field}=COLUMN`);
  };
  if (!mapping.has('tenant') && tenant === undefined) missing('tenant', '--tenant');
  if (!mapping.has('channel') && channel === undefined) missing('channel', '--channel');
  if (!mapping.has('occurredAt') && options.occurredAt === undefined) missing('occurredAt', '--occurred-at');
  const given = options.occurredAt;
  const occurredAt = given && parseTime(given, Date.now(), { zone: timeZone, option: '--occurred-at' }).toISOString();
  const scale = options.ratingScale ?? guessScale(ratingsIn(sample, mapping));
  return {
    reading: { mapping, columns, isRagged, times, scale, tenant, channel, occurredAt },
    told: (width) =>
      mappingTable({ columns, sample, mapping, reasons: guessed.reasons, guessed: guessed.mapping, scale }, width),
  };
}

function ratingsIn(sample: Source['sample'], mapping: Mapping) {
  const column = mapping.get('rating');
  if (column === undefined) return [];
  return sample.flatMap(({ cells, problem }) =>
    problem === undefined ? (readRating(cells[column] ?? null) ?? []) : [],
  );
}

async function entriesOf(path: string | undefined): Promise<[string, string][]> {
  if (path === undefined) return [];
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`cannot read ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  });
  const value: unknown = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${path}: a mapping is one line for each field, such as text: 本文`);
  }
  return Object.entries(value).map(([field, column]) => [field, column === null ? '' : String(column)]);
}
