import type { Polarity } from '../domain/labels.ts';

/** Ways of writing that count as one. */
export interface Synonyms {
  readonly version: string;
  /** The word that is counted, by each of the others. */
  readonly words: ReadonlyMap<string, string>;
}

/**
 * Reads models/lexicon/synonyms.tsv: the word that is counted, a tab, the others separated by commas. `#` begins a
 * comment; one comment must be `# version: X`.
 *
 * @throws Error naming the line and what is wrong with it
 */
export function parseSynonyms(tsv: string): Synonyms {
  const version = /^# version: (\S+)$/m.exec(tsv)?.[1];
  if (version === undefined) throw new Error('has no line "# version: X"');
  const words = new Map<string, string>();
  for (const [index, line] of tsv.split(/\r?\n/).entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [counted = '', others = '', ...rest] = line.split('\t');
    if (counted === '' || others === '' || rest.length > 0) {
      throw new Error(`line ${index + 1} must be a word, a tab and other words: ${line}`);
    }
    for (const other of others.split(',')) {
      if (words.has(other)) throw new Error(`line ${index + 1} gives ${other} to two words`);
      words.set(other, counted);
    }
  }
  return { version, words };
}

/** づらい, 辛い and 難い after a verb are にくい, 易い is やすい. */
const hard = /(?<=.)(?:づらい|ずらい|難い)$|(?<=[いきぎしちにびみりえけげせてねべめれ])辛い$/;
const easy = /(?<=.)易い$/;
const honorific = /(?<=..)(?:さん|さま|様|の方|の人|の方々|方々|達|たち|全員|全般|全体)$/;

/** The expression as it is counted: one spelling, no する, no すぎる of degree. */
export function canonicalExpression(expression: string, { words }: Synonyms): string {
  const spelt = expression.replace(hard, 'にくい').replace(easy, 'やすい');
  const plain = words.get(spelt) ?? spelt;
  const stem = plain.endsWith('する') && plain.length > 3 ? plain.slice(0, -2) : plain;
  return words.get(stem) ?? stem;
}

/** The target as it is counted: one spelling, without honorifics. */
export function canonicalTarget(target: string, { words }: Synonyms): string {
  const plain = target.replace(honorific, '');
  return words.get(plain) ?? words.get(target) ?? plain;
}

const signs: Readonly<Record<Polarity, string>> = { positive: '+', negative: '-', neutral: '0' };

/**
 * The unit that opinions are counted by, `target:expression:sign`, the target empty where the sentence names none.
 * A denied expression keeps its negation (サービス:良くない:-): it is milder than its antonym, and 消える and 消えない are
 * two complaints.
 */
export function opinionKey(target: string, expression: string, polarity: Polarity): string {
  return [target, expression, signs[polarity]].map((part) => part.replaceAll(':', '：')).join(':');
}
