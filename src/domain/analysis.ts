import { z } from 'zod';
import type { TenantDictionary } from './dictionary.ts';
import { emotionIds, flagIds, intentIds, polarities, ruleFlagIds, sentiments, topicIds } from './labels.ts';
import { spanSchema } from './span.ts';

const confidence = z.number().min(0).max(1).describe('Probability between 0 and 1.');

/** Sentiment with its signed score and probability. */
export const sentimentSchema = z.strictObject({
  label: z.enum(sentiments),
  score: z.number().min(-1).max(1).describe('From -1 (wholly negative) to 1 (wholly positive).'),
  confidence,
});

/** One topic spoken of, with how, and where. */
export const topicMentionSchema = z.strictObject({
  id: z.enum(topicIds),
  polarity: z.enum(polarities),
  confidence,
  by: z.enum(['model', 'rule']).describe('Whether the model or a keyword rule found it.'),
  spans: z.array(spanSchema).describe('The words or sentences the topic was read from.'),
});

/** One intent of the customer. */
export const intentSchema = z.strictObject({
  id: z.enum(intentIds),
  confidence,
  spans: z.array(spanSchema).optional(),
});

/** The strongest emotion expressed. */
export const emotionSchema = z.strictObject({ id: z.enum(emotionIds), confidence });

/** How grave a flag is, the least first. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** By when something has to be reported that a rule of triage found. */
export const flagDeadlineSchema = z.strictObject({
  report: z.string().min(1).max(200).describe('What has to be reported, and to whom.'),
  days: z.int().min(1).max(3650).describe('Within how many days; the day of receipt is day 1.'),
  until: z.iso.datetime({ offset: true }).optional().describe('End of the last day in Japan; on records only.'),
});

/** A warning to the reader, with the range it was read from. */
export const flagSchema = z.strictObject({
  id: z.enum([...flagIds, ...ruleFlagIds]),
  confidence,
  spans: z.array(spanSchema).optional(),
  severity: z.enum(severities).optional(),
  reason: z.string().optional().describe('What raised it, where a rule did.'),
  deadlines: z.array(flagDeadlineSchema).optional(),
});

const spanned = z.strictObject({
  surface: z.string().describe("The customer's own words at the span."),
  lemma: z.string().describe('Dictionary form.'),
  span: spanSchema,
});

/** One judgement of one thing: 係り受け pair of target and expression. */
export const opinionSchema = z.strictObject({
  target: spanned.optional().describe('What is judged; absent where the sentence does not name it.'),
  expression: spanned,
  polarity: z.enum(polarities).describe('What is meant: negation and wishes are accounted for.'),
  negated: z.boolean().describe('Whether the words deny the expression: 早くはない.'),
  intensity: z.enum(['weak', 'normal', 'strong']),
  tense: z.enum(['past', 'present']),
  modality: z
    .enum(['stated', 'wished', 'conditional', 'questioned'])
    .describe('Whether it is said to be so, wished for, supposed or asked.'),
  by: z.enum(['lexicon', 'model']).describe('Which of them decided the polarity.'),
  key: z.string().describe('Canonical `target:expression:sign`, by which opinions are counted.'),
});

/** One sentence of the text with everything that was read from it alone. */
export const sentenceAnalysisSchema = z.strictObject({
  span: spanSchema,
  sentiment: sentimentSchema,
  topics: z.array(topicMentionSchema),
  intents: z.array(intentSchema),
  emotion: emotionSchema.optional(),
  flags: z.array(flagSchema),
});

/** What kind of text it turned out to be; only `analyzed` texts carry labels. */
export const statuses = ['analyzed', 'unsupported-language', 'not-meaningful', 'spam'] as const;

/** Why a text is not meaningful or spam. */
export const statusReasons = [
  'no-answer',
  'test',
  'repetition',
  'keyboard',
  'signs',
  'advertisement',
  'model',
] as const;
export type StatusReason = (typeof statusReasons)[number];

/** The layers read from one text: a function of the text and of the versions of model, taxonomy and lexicon. */
export const textAnalysisSchema = z.strictObject({
  status: z.enum(statuses),
  statusReason: z
    .enum(statusReasons)
    .optional()
    .describe(
      'Why it is not-meaningful (特になし, テスト, ああああ, あいうえお, only signs) or spam (by rules or by the model).',
    ),
  language: z.strictObject({ code: z.string().describe('ISO 639-1 code, or `und`.'), confidence }),
  sentiment: sentimentSchema.optional().describe('Absent unless the status is `analyzed`.'),
  topics: z.array(topicMentionSchema),
  intents: z.array(intentSchema),
  emotion: emotionSchema.optional(),
  flags: z.array(flagSchema),
  opinions: z.array(opinionSchema).describe('In the order of their expressions.'),
  sentences: z.array(sentenceAnalysisSchema),
});

export type SentimentScore = z.infer<typeof sentimentSchema>;
export type TopicMention = z.infer<typeof topicMentionSchema>;
export type IntentScore = z.infer<typeof intentSchema>;
export type EmotionScore = z.infer<typeof emotionSchema>;
export type FlagScore = z.infer<typeof flagSchema>;
export type Opinion = z.infer<typeof opinionSchema>;
export type SentenceAnalysis = z.infer<typeof sentenceAnalysisSchema>;
export type TextAnalysis = z.infer<typeof textAnalysisSchema>;

/** Versions of everything that decides an analysis; equal versions and equal text give an equal analysis. */
export const versionsSchema = z.strictObject({
  model: z.string().describe('Name and version of the encoder, or `none` where sentiment comes from the lexicon.'),
  taxonomy: z.string(),
  lexicon: z.string(),
  dictionary: z.string().describe("kuromoji's dictionary, koe's own and the tenant's."),
  triage: z.string().optional().describe('The triage policy; absent in records made before there was one.'),
  pipeline: z.string().describe("koe's own version."),
});
export type Versions = z.infer<typeof versionsSchema>;

/** The versions of an analysis that was made with a tenant's own dictionary, if it has one. */
export function versionsWith(versions: Versions, own: TenantDictionary | undefined): Versions {
  if (own === undefined) return versions;
  return { ...versions, dictionary: `${versions.dictionary} + ${own.tenant} ${own.version}` };
}

/** An analysis and whether any sentence was longer than the model reads. */
export interface AnalyzedText {
  readonly analysis: TextAnalysis;
  readonly truncated: boolean;
}

/** Why a text could not be analysed: a defect in an analyzer, or more time or memory than one text may take. */
export interface AnalysisFailure {
  readonly failure: 'defect' | 'timeout';
  readonly detail: string;
}

/** A masked text to analyse. */
export interface RequestedText {
  readonly text: string;
  /** What stands above the text; it tells of the whole, and no label points into it. */
  readonly title?: string | undefined;
  /** Of its tenant, if that has one. */
  readonly dictionary?: TenantDictionary | undefined;
}

/**
 * Analyses texts in batches, same length and order out as in. A text that cannot be analysed comes back as a
 * failure in its place; the promise rejects only when the analyzer itself is broken.
 */
export interface TextAnalyzer {
  readonly versions: Versions;
  analyze(texts: readonly RequestedText[]): Promise<readonly (AnalyzedText | AnalysisFailure)[]>;
  close(): Promise<void>;
}
