import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { parseBaseDictionary } from '../domain/dictionary.ts';
import { packageRoot } from '../runtime/package-root.ts';
import { dictionaryVersion as kuromojiVersion } from '../text/dictionary.ts';
import { loadTokenizer } from '../text/tokenizer.ts';
import { UserDictionaryTokenizer } from '../text/user-dictionary.ts';
import { parseSynonyms } from './canonical.ts';
import type { EnrichmentAssets } from './enrichment.ts';
import { type Lexicon, parseLexicon } from './lexicon.ts';
import { parseTaxonomy, type Taxonomy } from './taxonomy.ts';
import { createTriage } from './triage.ts';
import { parseTriagePolicy, type TriagePolicy } from './triage-policy.ts';

/** Reads the taxonomy of a models/ folder, koe's own unless told; throws an Error that names the file and the field. */
export function loadTaxonomy(models = join(packageRoot(), 'models')): Taxonomy {
  return read(join(models, 'taxonomy/taxonomy.json'), (text) => parseTaxonomy(JSON.parse(text)));
}

/** Reads the lexicon of a models/ folder, koe's own unless told; throws an Error that names the file and the line. */
export function loadLexicon(models = join(packageRoot(), 'models')): Lexicon {
  const synonyms = read(join(models, 'lexicon/synonyms.tsv'), parseSynonyms);
  return read(join(models, 'lexicon/polarity.tsv'), (tsv) => parseLexicon(tsv, synonyms));
}

/** Reads koe's own dictionary; throws an Error that names the file, the entry and the field. */
export function loadDictionary(models = join(packageRoot(), 'models')) {
  return read(join(models, 'lexicon/dictionary.yaml'), (text) => parseBaseDictionary(parseYaml(text)));
}

/** Where koe's own triage policy is. */
export function shippedTriagePolicy(): string {
  return join(packageRoot(), 'models/triage/policy.yaml');
}

/** Reads a triage policy, koe's own unless told; throws an Error that names the file and the field. */
export function loadTriagePolicy(file = shippedTriagePolicy()): TriagePolicy {
  return read(file, (text) => parseTriagePolicy(parseYaml(text)));
}

/**
 * Loads all that analysis needs besides the model: about a second and 300 MB, once per thread.
 *
 * @param triagePolicy file of a company's own policy
 */
export async function loadEnrichmentAssets(
  triagePolicy?: string,
): Promise<EnrichmentAssets & { readonly tokenizer: UserDictionaryTokenizer }> {
  const [taxonomy, lexicon, dictionary] = [loadTaxonomy(), loadLexicon(), loadDictionary()];
  const policy = loadTriagePolicy(triagePolicy);
  const tokenizer = new UserDictionaryTokenizer(await loadTokenizer(), [dictionary]);
  const triage = { read: createTriage(policy), version: policy.version };
  return { taxonomy, lexicon, tokenizer, triage, dictionary: `${kuromojiVersion} + koe ${dictionary.version}` };
}

function read<T>(file: string, parse: (text: string) => T): T {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
