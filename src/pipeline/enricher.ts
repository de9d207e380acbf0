import { type TextAnalyzer, versionsWith } from '../domain/analysis.ts';
import type { TenantDictionary } from '../domain/dictionary.ts';
import type { Feedback } from '../domain/feedback.ts';
import { andThen, deadLetter, type Outcome, ok } from '../domain/outcome.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import type { Masker } from '../text/personal-data/masker.ts';
import { mask } from './mask.ts';
import type { Pseudonymizer } from './pseudonym.ts';
import { buildRecord, type Origin } from './record.ts';
import type { Competitors } from './record-flags.ts';

/** Feedback that passed the guard, with where it came in. */
export interface Arrival {
  readonly feedback: Feedback;
  readonly origin: Origin;
}

/** What the enricher works with. */
export interface EnricherOptions {
  readonly analyzer: TextAnalyzer;
  readonly masker: Masker;
  readonly pseudonymize: Pseudonymizer;
  /** Names that are flagged; none when absent. */
  readonly competitors?: Competitors;
  /** The dictionary of a tenant as it is at present; of none when absent. */
  readonly dictionaryOf?: (tenant: string) => TenantDictionary | undefined;
}

/** Outcomes of arrivals in, outcomes of records out: same length, same order. */
export type Enricher = (arrivals: readonly Outcome<Arrival>[]) => Promise<readonly Outcome<EnrichedRecord>[]>;

/** The middle of the pipeline, mask > analyze > record, shared by the worker and `koe analyze`. */
export function createEnricher(options: EnricherOptions): Enricher {
  const { analyzer, masker, pseudonymize, competitors, dictionaryOf } = options;
  return async (arrivals) => {
    const masked = arrivals.map((arrival) =>
      andThen(arrival, ({ feedback, origin }) => guarded('mask', () => ok({ masked: mask(feedback, masker), origin }))),
    );
    const wanted = masked.flatMap((outcome) => (outcome.kind === 'ok' ? [outcome.value] : []));
    const dictionaries = wanted.map(({ masked }) => dictionaryOf?.(masked.feedback.tenant));
    const analyses = await analyzer.analyze(
      wanted.map(({ masked: { feedback } }, index) => ({
        text: feedback.text,
        title: feedback.title,
        dictionary: dictionaries[index],
      })),
    );
    if (analyses.length !== wanted.length) throw new Error('the analyzer returned another number of texts');
    const queue = analyses.entries();
    return masked.map((outcome) =>
      andThen(outcome, ({ masked, origin }) => {
        const [index = 0, analysis] = queue.next().value ?? [];
        if (analysis === undefined) throw new Error('the analyzer returned too few texts');
        if ('failure' in analysis) {
          const code = analysis.failure === 'timeout' ? 'KOE_ANALYZER_TIMEOUT' : 'KOE_ANALYZER_DEFECT';
          return deadLetter(code, analysis.detail, 'analyze');
        }
        const versions = versionsWith(analyzer.versions, dictionaries[index]);
        return guarded('record', () => ok(buildRecord(masked, analysis, origin, versions, pseudonymize, competitors)));
      }),
    );
  };
}

/** Runs a pure step on one message: whatever it throws is a defect that this message brought to light. */
export function guarded<T>(step: string, run: () => Outcome<T>): Outcome<T> {
  try {
    return run();
  } catch (error) {
    return deadLetter('KOE_ANALYZER_DEFECT', error instanceof Error ? error.message : 'a step threw', step);
  }
}
