import type { Token } from './tokenizer.ts';

const deniedRow: Readonly<Record<string, string>> = {
  う: 'わ',
  く: 'か',
  ぐ: 'が',
  す: 'さ',
  つ: 'た',
  ぬ: 'な',
  ぶ: 'ば',
  む: 'ま',
  る: 'ら',
};
const continuedRow: Readonly<Record<string, string>> = {
  う: 'い',
  く: 'き',
  ぐ: 'ぎ',
  す: 'し',
  つ: 'ち',
  ぬ: 'に',
  ぶ: 'び',
  む: 'み',
  る: 'り',
};

type Inflected = Pick<Token, 'lemma' | 'partOfSpeech' | 'inflection'>;

/** Plain negative of a verb or adjective: 持つ → 持たない, 早い → 早くない; of anything else X → Xではない. */
export function deniedForm({ lemma, partOfSpeech, inflection = '' }: Inflected): string {
  const stem = lemma.slice(0, -1);
  if (partOfSpeech === '形容詞') return lemma.endsWith('いい') ? `${lemma.slice(0, -2)}よくない` : `${stem}くない`;
  if (partOfSpeech !== '動詞') return `${lemma}ではない`;
  if (lemma === 'ある') return 'ない';
  if (inflection.startsWith('五段')) return `${stem}${deniedRow[lemma.slice(-1)] ?? ''}ない`;
  if (inflection.startsWith('サ変')) return `${lemma.slice(0, -2)}しない`;
  if (lemma === 'くる') return 'こない';
  return `${stem}ない`;
}

/** Stem that つつ, すぎる or にくい are added to: 持つ → 持ち, 早い → 早; the word itself if it does not inflect. */
export function continuedForm({ lemma, partOfSpeech, inflection = '' }: Inflected): string {
  const stem = lemma.slice(0, -1);
  if (partOfSpeech === '形容詞') return stem;
  if (partOfSpeech !== '動詞') return lemma;
  if (inflection.startsWith('五段')) return `${stem}${continuedRow[lemma.slice(-1)] ?? ''}`;
  if (inflection.startsWith('サ変')) return `${lemma.slice(0, -2)}し`;
  return lemma === 'くる' ? 'き' : stem;
}
