import { z } from 'zod';
import {
  type EmotionId,
  emotionIds,
  type FlagId,
  flagIds,
  type IntentId,
  intentIds,
  type Polarity,
  polarities,
  type Sentiment,
  sentiments,
  type TopicId,
  topicIds,
} from './labels.ts';

/** The labels a person gave to a text; what is absent was not labelled. */
export interface Labels {
  readonly sentiment?: Sentiment | undefined;
  readonly topics?: readonly { readonly id: TopicId; readonly polarity: Polarity }[] | undefined;
  readonly intents?: readonly IntentId[] | undefined;
  readonly emotion?: EmotionId | 'none' | undefined;
  readonly flags?: readonly FlagId[] | undefined;
}

/** A text with the labels a person gave to it. */
export interface LabelledText {
  readonly id: string;
  readonly text: string;
  readonly labels: Labels;
}

/** What was read of a file; the problems name line and field, and no text. */
export interface LabelledTexts {
  readonly texts: readonly LabelledText[];
  readonly problems: readonly string[];
}

const sentimentOfSign: Readonly<Record<string, Sentiment>> = {
  p: 'positive',
  n: 'negative',
  '0': 'neutral',
  m: 'mixed',
};
const polarityOfSign: Readonly<Record<string, Polarity>> = { '+': 'positive', '-': 'negative', '0': 'neutral' };

const topicSign = z
  .string()
  .regex(/^[a-z]{1,20}[-+0]$/, 'must be a topic and its sign: delivery-, price+, quality0')
  .transform((text) => ({ id: text.slice(0, -1), polarity: polarityOfSign[text.slice(-1)] }))
  .pipe(z.object({ id: z.enum(topicIds), polarity: z.enum(polarities) }));
const noneOrList = <Item>(item: z.ZodType<Item, string>) =>
  z
    .string()
    .transform((text) => (text === 'none' ? [] : text.split(',')))
    .pipe(z.array(item));

const columnNames = ['id', 'sentiment', 'topics', 'intents', 'emotion', 'flags', 'text'] as const;
const columnsSchema = z.object({
  id: z.string().min(1),
  sentiment: z
    .enum(['p', 'n', '0', 'm'])
    .transform((sign) => sentimentOfSign[sign])
    .pipe(z.enum(sentiments)),
  topics: noneOrList(topicSign),
  intents: noneOrList(z.enum(intentIds)),
  emotion: z.enum([...emotionIds, 'none']),
  flags: noneOrList(z.enum(flagIds)),
  text: z.string().min(1),
});

const lineSchema = z
  .strictObject({
    id: z.string().min(1).optional(),
    text: z.string().min(1),
    sentiment: z.enum(sentiments).optional(),
    topics: z
      .array(z.union([topicSign, z.strictObject({ id: z.enum(topicIds), polarity: z.enum(polarities) })]))
      .optional(),
    intents: z.array(z.enum(intentIds)).optional(),
    emotion: z.enum([...emotionIds, 'none']).optional(),
    flags: z.array(z.enum(flagIds)).optional(),
  })
  .refine(({ id: _, text: __, ...labels }) => Object.values(labels).some((value) => value !== undefined), {
    message: 'there is no label; give sentiment, topics, intents, emotion or flags',
  });

/** Reads the seven columns of the annotation guide: id, sentiment, topics, intents, emotion, flags, text. */
export function parseLabelledTsv(file: string): LabelledTexts {
  return parseLines(file, (line) => {
    const cells = line.split('\t');
    if (cells.length !== columnNames.length) {
      return `there are ${cells.length} columns and not the ${columnNames.length} (${columnNames.join(', ')})`;
    }
    const parsed = columnsSchema.safeParse(Object.fromEntries(columnNames.map((name, index) => [name, cells[index]])));
    if (!parsed.success) return describe(parsed.error);
    const { id, text, ...labels } = parsed.data;
    return { id, text, labels };
  });
}

/** Reads one JSON object a line: `text` and any of sentiment, topics, intents, emotion, flags, with koe's names. */
export function parseLabelledJsonLines(file: string): LabelledTexts {
  return parseLines(file, (line, number) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return 'it is not JSON';
    }
    const parsed = lineSchema.safeParse(value);
    if (!parsed.success) return describe(parsed.error);
    const { id = `line-${number}`, text, ...labels } = parsed.data;
    return { id, text, labels };
  });
}

function parseLines(file: string, parse: (line: string, number: number) => LabelledText | string): LabelledTexts {
  const texts: LabelledText[] = [];
  const problems: string[] = [];
  for (const [index, line] of file
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue;
    const parsed = parse(line, index + 1);
    if (typeof parsed === 'string') problems.push(`line ${index + 1}: ${parsed}`);
    else texts.push(parsed);
  }
  return { texts, problems };
}

function describe({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; ');
}
