import { z } from 'zod';
import type { Synonyms } from './canonical.ts';
import { PhraseMatcher } from './phrase-matcher.ts';

/** What the lexicon says of one expression. */
export interface LexiconEntry {
  /** From -1 to 1, where the expression is affirmed. */
  readonly polarity: number;
  /** Polarity where it is denied, if that is not simply the milder opposite. */
  readonly denied?: number | undefined;
  /** The targets it is true of, by how they end; of any when absent. */
  readonly of?: readonly string[] | undefined;
  /** Colours a sentence but is no opinion of anything: 😊, ようやく. */
  readonly cue: boolean;
  /** What the customer feels; its cause is marked by に: 対応に満足. */
  readonly feeling: boolean;
}

/** Evaluative expressions with their polarity, and the ways of writing that count as one. */
export interface Lexicon {
  /** Of both files. */
  readonly version: string;
  readonly synonyms: Synonyms;
  readonly size: number;
  readonly matcher: PhraseMatcher<LexiconEntry>;
  /** Entries of exactly this expression. */
  entriesOf(expression: string): readonly LexiconEntry[];
  /** Polarity of a noun by itself; 0 if it has none. */
  polarityOfNoun(noun: string): number;
}

const partsOfSpeech = ['名詞', '動詞', '形容詞', '副詞', '感動詞', '助動詞', '連体詞', '接頭詞'] as const;
const polarity = z.string().min(1).transform(Number).pipe(z.number().min(-1).max(1));
const condition = z.union([
  z.enum([...partsOfSpeech, 'cue', 'feeling']),
  z.templateLiteral(['of=', z.string().min(1)]),
  z.templateLiteral(['denied=', z.number().min(-1).max(1)]),
]);
const entry = z.tuple([z.string().min(1), polarity], condition);
const targetClass = z.tuple([z.string().regex(/^@\w+$/), z.string().min(1)]);

/**
 * Reads a lexicon; its format is told at the top of models/lexicon/polarity.tsv. `#` begins a comment; one comment must
 * be `# version: X`.
 *
 * @throws Error naming the line and what is wrong with it
 */
export function parseLexicon(tsv: string, synonyms: Synonyms): Lexicon {
  const version = /^# version: (\S+)$/m.exec(tsv)?.[1];
  if (version === undefined) throw new Error('has no line "# version: X"');
  const phrases = [];
  const classes = new Map<string, readonly string[]>();
  const seen = new Map<string, number>();
  for (const [index, line] of tsv.split(/\r?\n/).entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const columns = line.split('\t');
    const named = targetClass.safeParse(columns);
    if (named.success) {
      classes.set(named.data[0], named.data[1].split(','));
      continue;
    }
    const phrase = readEntry(columns, classes, `line ${index + 1}`);
    const key = [phrase.text, phrase.partOfSpeech, ...(phrase.value.of ?? [])].join('\t');
    if (seen.has(key)) throw new Error(`line ${index + 1} repeats line ${seen.get(key)}: ${phrase.text}`);
    seen.set(key, index + 1);
    phrases.push(phrase);
  }
  const byText = new Map<string, LexiconEntry[]>();
  for (const { text, value } of phrases) byText.set(text, [...(byText.get(text) ?? []), value]);
  const entriesOf = (expression: string) => byText.get(expression) ?? [];
  const polarityOfNoun = (noun: string) =>
    entriesOf(noun).find(({ of, cue }) => of === undefined && !cue)?.polarity ?? 0;
  return {
    version: `${version}+${synonyms.version}`,
    size: phrases.length,
    synonyms,
    matcher: new PhraseMatcher(phrases),
    entriesOf,
    polarityOfNoun,
  };
}

function readEntry(columns: readonly string[], classes: ReadonlyMap<string, readonly string[]>, line: string) {
  const parsed = entry.safeParse(columns);
  if (!parsed.success) {
    throw new Error(`${line} must be expression, polarity from -1 to 1 and perhaps conditions: ${columns.join(' ')}`);
  }
  const [text, value, ...conditions] = parsed.data;
  const of = conditions.find((each) => each.startsWith('of='));
  const denied = conditions.find((each) => each.startsWith('denied='));
  const cue = conditions.includes('cue');
  if (
    value === 0 &&
    denied === undefined &&
    of === undefined &&
    !conditions.includes('形容詞') &&
    !conditions.includes('動詞')
  ) {
    throw new Error(`${line}: a polarity of 0 says nothing: ${text}`);
  }
  return {
    text,
    partOfSpeech: partsOfSpeech.find((part) => conditions.includes(part)),
    value: {
      polarity: value,
      denied: denied === undefined ? undefined : Number(denied.slice('denied='.length)),
      of: of
        ?.slice('of='.length)
        .split(',')
        .flatMap((name) => targetsOf(name, classes, line)),
      cue,
      feeling: conditions.includes('feeling'),
    },
  };
}

function targetsOf(name: string, classes: ReadonlyMap<string, readonly string[]>, line: string): readonly string[] {
  if (!name.startsWith('@')) return [name];
  const targets = classes.get(name);
  if (targets === undefined) throw new Error(`${line} names the class ${name}, which no line before it defines`);
  return targets;
}

/** The entry that fits best: one for any of the targets before one for all, undefined if there is none of either. */
export function entryFor(entries: readonly LexiconEntry[], targets: readonly string[]): LexiconEntry | undefined {
  const fitting = entries.find(({ of }) => of?.some((end) => targets.some((target) => target.endsWith(end))));
  return fitting ?? entries.find(({ of }) => of === undefined);
}

/** Polarity of an expression where it is the case, and where it is not: not bad is a mild praise. */
export function polarityOf({ polarity: affirmed, denied }: LexiconEntry, holds: boolean): number {
  if (holds) return affirmed;
  return denied ?? affirmed * (affirmed > 0 ? -0.8 : -0.5);
}
