import type { AnalysisFailure, AnalyzedText, RequestedText, Versions } from '../domain/analysis.ts';
import type { TenantDictionary } from '../domain/dictionary.ts';

/** What became of one text. */
export type TextResult = AnalyzedText | AnalysisFailure;

/** Versions of what is loaded in a process; the pipeline's own is known outside. */
export type AssetVersions = Omit<Versions, 'pipeline'>;

/** A requested text that names its dictionary instead of bringing it. */
export interface SentText extends Omit<RequestedText, 'dictionary'> {
  /** The tenant whose dictionary it is read with; absent for none. */
  readonly tenant?: string | undefined;
}

/** From the pool to a process: texts to analyse. A process is sent the next ones after it answered. */
export interface AnalysisRequest {
  readonly texts: readonly SentText[];
  /** Dictionaries that this process does not have yet; each replaces the one of its tenant. */
  readonly dictionaries: readonly TenantDictionary[];
}

/** From a process to the pool: once `ready` or `broken` after its start, then `results` for every request. */
export type AnalysisAnswer =
  | { readonly kind: 'ready'; readonly versions: AssetVersions }
  | {
      readonly kind: 'broken';
      readonly dependency: string;
      readonly nature: 'transient' | 'permanent';
      readonly message: string;
    }
  | { readonly kind: 'results'; readonly results: readonly TextResult[] };
