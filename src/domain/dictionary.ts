import { z } from 'zod';

const longestWord = 40;
const mostEntries = 20_000;

const word = z
  .string()
  .trim()
  .min(1)
  .max(longestWord)
  .refine((text) => !/^\p{Script=Hiragana}$/u.test(text), 'must be more than one hiragana letter')
  .refine((text) => /[\p{L}\p{N}]/u.test(text), 'must hold a letter or digit');

const entry = z.union([
  word.transform((text) => ({ word: text, reading: undefined })),
  z.strictObject({
    word,
    reading: z
      .string()
      .regex(/^[ァ-ヶー]{1,80}$/, 'must be katakana')
      .optional(),
  }),
]);

/** A dictionary as it is written in YAML: words that are kept whole, and groups of words that count as one. */
const dictionarySchema = z.strictObject({
  words: z.array(entry).max(mostEntries).default([]),
  synonyms: z.array(z.array(word).min(2).max(100)).max(mostEntries).default([]),
});

/** Words kept whole, with their reading in katakana, and groups of words that count as the first of them. */
export interface DictionaryContent {
  readonly words: readonly { readonly word: string; readonly reading?: string | undefined }[];
  readonly synonyms: readonly (readonly string[])[];
}

/** One version of a tenant's dictionary; versions count up from 1. */
export interface TenantDictionary extends DictionaryContent {
  readonly tenant: string;
  readonly version: number;
}

/**
 * Reads a dictionary from parsed YAML.
 *
 * @throws Error naming every entry and field that is wrong
 */
export function parseDictionary(data: unknown): DictionaryContent {
  const parsed = dictionarySchema.safeParse(data ?? {});
  if (!parsed.success) throw new Error(parsed.error.issues.map((issue) => describe(issue, data)).join('; '));
  const places = new Map<string, string>();
  const repeated: string[] = [];
  for (const [place, text] of placesOf(parsed.data)) {
    const key = text.normalize('NFKC').toLowerCase();
    const before = places.get(key);
    if (before !== undefined) repeated.push(`${place}: ${text} is in ${before} too`);
    else places.set(key, place);
  }
  if (repeated.length > 0) throw new Error(repeated.join('; '));
  return parsed.data;
}

/** A word may be kept whole and have synonyms; it may not be listed twice, or belong to two groups. */
function* placesOf({ words, synonyms }: DictionaryContent): Iterable<readonly [place: string, text: string]> {
  const grouped = new Set(synonyms.flat());
  for (const [index, { word: text }] of words.entries()) if (!grouped.has(text)) yield [`words[${index}]`, text];
  for (const [group, members] of synonyms.entries()) {
    for (const [index, text] of members.entries()) yield [`synonyms[${group}][${index}]`, text];
  }
}

const versioned = z.looseObject({ version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be like 1.0.0') });

/**
 * Reads koe's own dictionary from parsed YAML: it has a `version` besides.
 *
 * @throws Error naming every entry and field that is wrong
 */
export function parseBaseDictionary(data: unknown): DictionaryContent & { readonly version: string } {
  const parsed = versioned.safeParse(data);
  if (!parsed.success) throw new Error(parsed.error.issues.map((issue) => describe(issue, data)).join('; '));
  const { version, ...content } = parsed.data;
  return { version, ...parseDictionary(content) };
}

type Issue = z.core.$ZodIssue;

/** An issue with the place it is about; of the forms an entry may have, the one that was meant. */
function describe(issue: Issue, data: unknown, above: readonly PropertyKey[] = []): string {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union') {
    const value = path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key], data);
    const meant = issue.errors[typeof value === 'object' ? 1 : 0]?.[0];
    if (meant !== undefined) return describe(meant, data, path);
  }
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return `${place === '' ? 'the file' : place.replace(/^\./, '')}: ${issue.message}`;
}
