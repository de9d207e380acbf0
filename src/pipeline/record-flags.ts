import type { FlagScore, TextAnalysis } from '../domain/analysis.ts';
import type { EnrichedRecord } from '../domain/record.ts';

/** What of a record, besides its text, raises flags. */
export type FlaggedBy = Pick<EnrichedRecord, 'tenant' | 'text' | 'receivedAt' | 'rating' | 'survey'>;

/** Competitors' names by tenant; those of `*` are every tenant's. */
export type Competitors = Readonly<Record<string, readonly string[]>>;

/**
 * The flags of a record: those of its text with the ends of their deadlines, one where the rating contradicts the text,
 * and one for competitors by name.
 */
export function flagsOfRecord(record: FlaggedBy, analysis: TextAnalysis, competitors: Competitors): FlagScore[] {
  if (analysis.status !== 'analyzed') return [...analysis.flags];
  const mismatch = ratingMismatch(record, analysis);
  const named = namedCompetitors(record, competitors);
  const flags = analysis.flags.map((flag) => withDeadlines(flag, record.receivedAt));
  return [...withCompetitors(flags, named), ...(mismatch === undefined ? [] : [mismatch])];
}

/**
 * The company knows of it since koe took the feedback. Both laws count the day of knowing as day 1 (事業者用ハンドブック
 * 消費者庁・経済産業省; 個人情報保護法ガイドライン通則編 3-5-3-4), and days end at midnight in Japan.
 */
function withDeadlines({ deadlines, ...flag }: FlagScore, receivedAt: string): FlagScore {
  if (deadlines === undefined) return flag;
  return { ...flag, deadlines: deadlines.map((each) => ({ ...each, until: endOfDay(receivedAt, each.days) })) };
}

const dayMs = 86_400_000;
/** Japan has had no summer time since 1951. */
const japanMs = 9 * 3_600_000;

function endOfDay(since: string, days: number): string {
  const firstDay = Math.floor((Date.parse(since) + japanMs) / dayMs);
  return new Date((firstDay + days) * dayMs - japanMs - 1000).toISOString();
}

/** Share of the scale from which on a rating is good, and up to which it is bad; NPS has its own bounds. */
const good = 0.75;
const bad = 0.25;
/** A text says clearly enough what the rating contradicts. */
const clear = 0.4;
const notSure = 0.7;

function ratingMismatch({ rating, survey }: FlaggedBy, { sentiment, intents }: TextAnalysis): FlagScore | undefined {
  if (sentiment === undefined) return undefined;
  const given = shareOf(rating?.value, rating) ?? shareOf(survey?.score, survey, survey?.metric === 'ces');
  if (given === undefined) return undefined;
  const complains = intents.some(({ id }) => id === 'complaint') && !intents.some(({ id }) => id === 'praise');
  const contradicts =
    (given.share >= good && sentiment.label === 'negative' && (sentiment.score <= -clear || complains)) ||
    (given.share <= bad && sentiment.label === 'positive' && sentiment.score >= clear);
  if (!contradicts) return undefined;
  const reason = `${given.value} of ${given.min} to ${given.max} with a ${sentiment.label} text`;
  return { id: 'rating-mismatch', confidence: Math.min(notSure, sentiment.confidence), reason };
}

interface Given {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** From 0, the worst, to 1. */
  readonly share: number;
}

/** @param isEffort on a scale of effort little is good */
function shareOf(
  value: number | undefined,
  scale: { readonly min?: number | undefined; readonly max?: number | undefined } | undefined,
  isEffort = false,
): Given | undefined {
  const { min, max } = scale ?? {};
  if (value === undefined || min === undefined || max === undefined || max <= min || isEffort) return undefined;
  return { value, min, max, share: (value - min) / (max - min) };
}

function namedCompetitors({ tenant, text }: FlaggedBy, competitors: Competitors): { start: number; end: number }[] {
  const names = [...(competitors['*'] ?? []), ...(competitors[tenant] ?? [])];
  return names
    .flatMap((name) => {
      const start = text.indexOf(name);
      return start < 0 ? [] : [{ start, end: start + name.length }];
    })
    .sort((a, b) => a.start - b.start);
}

function withCompetitors(flags: readonly FlagScore[], spans: { start: number; end: number }[]): FlagScore[] {
  if (spans.length === 0) return [...flags];
  const named: FlagScore = { id: 'competitor', confidence: 0.95, spans, reason: 'a competitor by name' };
  const told = flags.find(({ id }) => id === 'competitor');
  if (told === undefined) return [...flags, named];
  const both = {
    ...told,
    ...named,
    reason: [told.reason, named.reason].filter((each) => each !== undefined).join('; '),
  };
  return flags.map((flag) => (flag === told ? { ...both, spans: [...(told.spans ?? []), ...spans] } : flag));
}
