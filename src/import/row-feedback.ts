import { createHash } from 'node:crypto';
import { type Channel, channels } from '../domain/labels.ts';
import { plainText } from '../export/neutral-text.ts';
import { type Field, surveyFields } from './field.ts';
import type { Mapping } from './mapping.ts';
import { isOn, readRating, type Scale, scaleTo } from './read-rating.ts';
import { readTime, type TimeReading } from './read-time.ts';
import { SeenKeys } from './seen-keys.ts';
import { cellText, type SourceCell, type SourceRow } from './source-row.ts';

/** What is wrong with a row; the reason repeats nothing of it. */
export interface RowProblem {
  readonly field: string;
  readonly reason: string;
}

/** A row as raw feedback, still to be validated, or what is wrong with it. */
export type ReadRow = { readonly feedback: Record<string, unknown> } | { readonly problems: readonly RowProblem[] };

/** What rows are read with. */
export interface RowReading {
  readonly mapping: Mapping;
  readonly columns: readonly string[];
  /** Whether a row may have fewer cells than there are columns. */
  readonly isRagged: boolean;
  readonly times: TimeReading;
  /** Of ratings that do not tell their own. */
  readonly scale: Scale;
  /** What holds for rows in which no column tells it. */
  readonly tenant?: string | undefined;
  readonly channel?: Channel | undefined;
  /** RFC 3339. */
  readonly occurredAt?: string | undefined;
}

/** Scales on which survey questions are asked; cells that tell their own upper end, such as 3/7, go by that. */
const surveyScales: Readonly<Record<(typeof surveyFields)[number], Scale>> = {
  nps: { min: 0, max: 10 },
  csat: { min: 1, max: 5 },
  ces: { min: 1, max: 7 },
  dwb: { min: 1, max: 5 },
};

const channelWords: Readonly<Record<Channel, RegExp>> = {
  chat: /^(?:chat|チャット|line|有人チャット|チャットボット|メッセージ)$/i,
  review: /^(?:review|reviews|レビュー|口コミ|クチコミ)$/i,
  survey: /^(?:survey|アンケート|調査|nps調査|アンケート回答)$/i,
};
const authorWords = {
  customer: /^(?:customer|user|client|visitor|end-?user|お客様|お客さま|客|顧客|ユーザー?|利用者|会員)$/i,
  agent: /^(?:agent|operator|staff|admin|support|オペレータ(?:ー)?|担当者?|スタッフ|店員|サポート|係員)$/i,
  bot: /^(?:bot|assistant|system|chatbot|ボット|チャットボット|自動応答|システム)$/i,
} as const;

/** Characters that stand for bytes which break the rules of the encoding. */
const undecodable = '\ufffd';

/**
 * Reads rows in the order of the file. A row without an id gets one made of what it says, when and by whom, and of how many
 * rows before it said the same: importing a file again, or another one that holds the row too, gives the same id.
 */
export function createRowReader(reading: RowReading): (row: SourceRow) => ReadRow {
  const ids = new SeenKeys();
  return (row) => {
    const problem = rowProblem(row, reading);
    if (problem !== undefined) return { problems: [problem] };
    const read = readFields(row, reading);
    if ('problems' in read) return read;
    const { feedback } = read;
    if (feedback.id === undefined) {
      const said = JSON.stringify(identity(feedback, reading.mapping));
      const times = ids.get(said) + 1;
      ids.set(said, times);
      return { feedback: { id: idOf(said, times), ...feedback } };
    }
    const key = `${feedback.tenant}/${feedback.id}`;
    const before = ids.get(key);
    if (before > 0) return { problems: [{ field: 'id', reason: `row ${before} has the same id` }] };
    ids.set(key, row.number);
    return read;
  };
}

function rowProblem({ cells, problem }: SourceRow, { columns, isRagged }: RowReading): RowProblem | undefined {
  if (problem !== undefined) return { field: 'row', reason: problem };
  const beyond = cells.slice(columns.length).some((cell) => cellText(cell) !== '');
  if (beyond || (!isRagged && cells.length < columns.length)) {
    return { field: 'row', reason: `it has ${cells.length} cells, there are ${columns.length} columns` };
  }
  const broken = cells.findIndex((cell) => typeof cell === 'string' && cell.includes(undecodable));
  if (broken < 0) return undefined;
  return { field: columns[broken] ?? 'row', reason: 'it holds bytes that are not of the encoding of the file' };
}

function readFields({ cells }: SourceRow, reading: RowReading): ReadRow {
  const { mapping, times, scale } = reading;
  const problems: RowProblem[] = [];
  const cellOf = (field: Field): SourceCell => {
    const column = mapping.get(field);
    return column === undefined ? null : (cells[column] ?? null);
  };
  const textOf = (field: Field) => {
    const text = plainText(cellText(cellOf(field)));
    return text.trim() === '' ? undefined : text;
  };
  const wordOf = (field: Field) => textOf(field)?.trim();
  /** Reads a cell that is not empty; one that cannot be read is a problem. */
  const readOf = <Value>(field: Field, reason: string, read: (cell: SourceCell) => Value | undefined) => {
    if (wordOf(field) === undefined) return undefined;
    const cell = cellOf(field);
    const value = read(typeof cell === 'string' ? plainText(cell) : cell);
    if (value === undefined) problems.push({ field, reason });
    return value;
  };
  const oneOf = <Word extends string>(field: Field, words: Readonly<Record<Word, RegExp>>, reason: string) =>
    readOf(field, reason, (cell) =>
      (Object.keys(words) as Word[]).find((word) => words[word].test(cellText(cell).trim())),
    );
  const wholeOf = (field: Field) =>
    readOf(field, 'it is no whole number', (cell) => {
      const text = cellText(cell).normalize('NFKC').trim();
      return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
    });
  const required = (field: Field, value: string | undefined) => {
    if (value === undefined && !problems.some((problem) => problem.field === field)) {
      problems.push({ field, reason: 'it is empty' });
    }
    return value;
  };

  const time = readOf('occurredAt', 'it is no time', (cell) => readTime(cell, times))?.toISOString();
  /** A value and its scale. */
  const scaledOf = (field: Field, usual: Scale) => {
    const read = readOf(field, 'it is no number or stars', readRating);
    if (read === undefined) return undefined;
    const scale = read.max === undefined ? usual : scaleTo(read.max);
    if (!isOn(scale, read.value)) problems.push({ field, reason: `it is not from ${scale.min} to ${scale.max}` });
    return { value: read.value, ...scale };
  };
  const surveyField = surveyFields.find((field) => mapping.has(field));
  const answer = surveyField && scaledOf(surveyField, surveyScales[surveyField]);
  const question = textOf('question');
  const conversation = wordOf('conversation');
  const attributes = [...mapping.keys()].flatMap((field) => {
    if (!field.startsWith('attributes.')) return [];
    const value = attributeOf(cellOf(field));
    return value === undefined ? [] : [[field.slice('attributes.'.length), value] as const];
  });
  const source = { system: wordOf('sourceSystem'), url: wordOf('sourceUrl') };
  const feedback = {
    id: wordOf('id'),
    tenant: wordOf('tenant') ?? reading.tenant,
    revision: wholeOf('revision'),
    channel:
      oneOf('channel', channelWords, `it is none of ${channels.join(', ')}`) ?? required('channel', reading.channel),
    occurredAt: time ?? (mapping.has('occurredAt') ? required('occurredAt', undefined) : reading.occurredAt),
    text: required('text', textOf('text')),
    title: wordOf('title'),
    customerId: wordOf('customerId'),
    rating: scaledOf('rating', scale),
    survey:
      surveyField === undefined && question === undefined
        ? undefined
        : { question, metric: surveyField, score: answer?.value, min: answer?.min, max: answer?.max },
    conversation:
      conversation === undefined
        ? undefined
        : {
            id: conversation,
            turn: wholeOf('turn'),
            author: mapping.has('author')
              ? oneOf('author', authorWords, 'it is none of customer, agent, bot')
              : 'customer',
          },
    attributes: attributes.length === 0 ? undefined : Object.fromEntries(attributes),
    source: source.system === undefined && source.url === undefined ? undefined : source,
  };
  return problems.length > 0 ? { problems } : { feedback: present(feedback) };
}

function attributeOf(cell: SourceCell): string | number | boolean | undefined {
  if (typeof cell === 'number' || typeof cell === 'boolean') return cell;
  const text = plainText(cellText(cell)).trim();
  return text === '' ? undefined : text;
}

/** What makes a row the row it is, whatever else of it is mapped. */
function identity(feedback: Record<string, unknown>, mapping: Mapping): readonly unknown[] {
  const { tenant, text, title, customerId, conversation, occurredAt } = feedback;
  // Workbooks break lines in cells in another way than CSV files of the same rows.
  const said = String(text).replaceAll(/\r\n?/g, '\n');
  return [tenant, said, title, customerId, conversation, mapping.has('occurredAt') ? occurredAt : null];
}

function idOf(said: string, times: number): string {
  return `import-${createHash('sha256').update(`${times}\0${said}`).digest('base64url').slice(0, 22)}`;
}

/** Without what is undefined, at every depth. */
function present(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      if (inner === undefined) return [];
      const isObject = typeof inner === 'object' && inner !== null;
      return [[name, isObject ? present(inner as Record<string, unknown>) : inner]];
    }),
  );
}
