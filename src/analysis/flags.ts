import { type FlagScore, severities } from '../domain/analysis.ts';
import type { Span } from '../domain/span.ts';
import type { PreparedSentence } from './prepared-text.ts';
import { findSarcasm } from './sarcasm.ts';
import type { Triage } from './triage.ts';
import { union } from './union.ts';

/** What is known of a sentence before its flags are put together. */
export interface FlagEvidence {
  /** The model's flags. */
  readonly byModel: readonly FlagScore[];
  readonly triage: Triage;
  readonly isNegative: boolean;
  readonly cancelSignal?: { readonly confidence: number; readonly span: Span } | undefined;
}

/** The flags of a sentence. */
export interface ReadFlags {
  readonly flags: FlagScore[];
  /** Kinds that rules rule out, whatever the model says: 異物は入っていなかった. */
  readonly ruledOut: ReadonlySet<FlagScore['id']>;
}

/** What model and rules warn of in one sentence, each kind once. */
export function readFlags(sentence: PreparedSentence, evidence: FlagEvidence): ReadFlags {
  const { byModel, triage, isNegative, cancelSignal } = evidence;
  const { flags: triaged, ruledOut } = triage(sentence);
  const sarcasm = findSarcasm(sentence, isNegative);
  const leaving = cancelSignal && { id: 'cancel-signal' as const, ...signalOf(cancelSignal) };
  const believed = byModel.filter(({ id }) => !ruledOut.has(id));
  return {
    flags: mergeFlags([...triaged, ...(sarcasm ? [sarcasm] : []), ...(leaving ? [leaving] : []), ...believed]),
    ruledOut,
  };
}

function signalOf({ confidence, span }: NonNullable<FlagEvidence['cancelSignal']>) {
  return { confidence, spans: [span], reason: 'leaving is spoken of' };
}

/** Each kind once, the surest first: the gravest severity, all words and reasons, each deadline once. */
export function mergeFlags(flags: readonly FlagScore[]): FlagScore[] {
  const byKind = new Map<FlagScore['id'], FlagScore[]>();
  for (const flag of flags) byKind.set(flag.id, [...(byKind.get(flag.id) ?? []), flag]);
  return [...byKind.values()].map(merged).sort((a, b) => b.confidence - a.confidence);
}

/** Between the reasons of one flag; no reason holds it. */
const between = '; ';

function merged(same: readonly FlagScore[]): FlagScore {
  const [first] = same;
  if (first === undefined) throw new Error('there is no flag to merge');
  const severity = severities.findLast((each) => same.some((flag) => flag.severity === each));
  const reasons = new Set(same.flatMap(({ reason }) => reason?.split(between) ?? []));
  const deadlines = new Map(
    same.flatMap((flag) => flag.deadlines ?? []).map((each) => [`${each.report} ${each.days}`, each]),
  );
  // What rules point at is narrower than the sentence that a model points at.
  const pointed = same.filter(({ reason }) => reason !== undefined);
  return {
    id: first.id,
    confidence: Math.max(...same.map(({ confidence }) => confidence)),
    spans: union((pointed.length > 0 ? pointed : same).flatMap(({ spans }) => spans ?? [])),
    ...(severity !== undefined && { severity }),
    ...(reasons.size > 0 && { reason: [...reasons].join(between) }),
    ...(deadlines.size > 0 && { deadlines: [...deadlines.values()] }),
  };
}
