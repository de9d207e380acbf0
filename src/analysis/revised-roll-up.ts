import type { FlagScore, SentenceAnalysis } from '../domain/analysis.ts';
import { mergeFlags } from './flags.ts';
import { type RolledUp, rollUp, rollUpSentiment, surestFirst } from './roll-up.ts';

/** The sentences of a text after rules corrected the model. */
export interface RevisedSentences {
  readonly sentences: readonly SentenceAnalysis[];
  readonly ruledOut: ReadonlySet<FlagScore['id']>;
  /** Whether praise of a sentence was not taken at its word. */
  readonly ironic: boolean;
}

/**
 * The layers of a text after what rules found in its sentences: intents that have a form and flags that have a reason
 * are those of the sentences; what the model pooled decides the rest.
 */
export function reviseRollUp(layers: RolledUp, { sentences, ruledOut, ironic }: RevisedSentences): RolledUp {
  const alone = rollUp(sentences);
  const stated = new Set(alone.intents.map(({ id }) => id));
  const implied = layers.intents.filter(({ id }) => !stated.has(id) && (id === 'complaint' || id === 'praise'));
  const found = new Set(alone.flags.map(({ id }) => id));
  const pooled = layers.flags.filter(({ id }) => found.has(id) || !ruledOut.has(id));
  const byRule = alone.flags.filter(({ reason }) => reason !== undefined);
  return {
    ...layers,
    sentiment: ironic && layers.sentiment?.label === 'positive' ? rollUpSentiment(sentences) : layers.sentiment,
    intents: surestFirst([...alone.intents, ...(ironic ? [] : implied)]),
    flags: mergeFlags([...byRule, ...pooled]),
  };
}
