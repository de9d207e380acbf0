import type { Synonyms } from '../../src/analysis/canonical.ts';
import { canonicalExpression, canonicalTarget } from '../../src/analysis/canonical.ts';
import type { EnrichmentAssets } from '../../src/analysis/enrichment.ts';
import { judge } from '../../src/analysis/judged.ts';
import { toOpinions } from '../../src/analysis/opinions.ts';
import { prepareText } from '../../src/analysis/prepared-text.ts';
import type { Opinion } from '../../src/domain/analysis.ts';
import { type Half, readGold } from './gold-file.ts';

const signs = { positive: '+', negative: '-', neutral: '0' };

/** What reading opinions takes. */
export type OpinionAssets = Pick<EnrichmentAssets, 'tokenizer' | 'lexicon'>;

/** Opinions of a text by lexicon and rules alone. */
export function opinionsOf(text: string, assets: OpinionAssets): Opinion[] {
  const { lexicon } = assets;
  return prepareText(text, assets).sentences.flatMap((sentence) =>
    toOpinions(sentence, judge(sentence.tokens, lexicon).judgements, lexicon.synonyms, undefined),
  );
}

/** F1 on (target, expression, polarity), exact after canonicalisation, and the sentences that were read wrongly. */
export function opinionFigures(half: Half, assets: OpinionAssets): { f1: number; sentences: number; wrong: string[] } {
  const { synonyms } = assets.lexicon;
  let right = 0;
  let expected = 0;
  let found = 0;
  const wrong: string[] = [];
  const rows = readGold('opinions', half);
  for (const [text = '', pairs = ''] of rows) {
    const gold = pairs === '' ? [] : pairs.split('; ').map((pair) => goldPair(pair, synonyms));
    const read = opinionsOf(text, assets).map((opinion) => readPair(opinion, synonyms));
    const common = gold.filter((pair) => read.includes(pair)).length;
    right += common;
    expected += gold.length;
    found += read.length;
    if (common < Math.max(gold.length, read.length))
      wrong.push(`${text}: ${gold.join('; ')} read as ${read.join('; ')}`);
  }
  return { f1: (2 * right) / (expected + found), sentences: rows.length, wrong };
}

function goldPair(pair: string, synonyms: Synonyms): string {
  const [target = '', expression = '', sign = ''] = pair.split('|');
  return pairOf(target, expression, sign, synonyms);
}

function readPair({ target, expression, polarity }: Opinion, synonyms: Synonyms): string {
  return pairOf(target?.lemma ?? '', expression.lemma, signs[polarity], synonyms);
}

/** ログインできない and ログインができない are one. */
function pairOf(target: string, expression: string, sign: string, synonyms: Synonyms): string {
  const able = target === '' ? /^(.+)できる$/.exec(expression)?.[1] : undefined;
  const pair = able === undefined ? [target, expression] : [able, 'できる'];
  return [canonicalTarget(pair[0] ?? '', synonyms), canonicalExpression(pair[1] ?? '', synonyms), sign].join('|');
}
