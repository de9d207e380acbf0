import { canonicalExpression } from '../../src/analysis/canonical.ts';
import { type Half, readGold } from './gold-file.ts';
import { type OpinionAssets, opinionsOf } from './opinion-figures.ts';

const signs = { positive: '+', negative: '-', neutral: '0' };

/** Share of cases whose negation, polarity and modality are all right, and those that are not. */
export function negationFigures(
  half: Half,
  assets: OpinionAssets,
): { accuracy: number; cases: number; wrong: string[] } {
  const cases = readGold('negation', half);
  const { synonyms } = assets.lexicon;
  const wrong = cases.flatMap(([text = '', expression = '', ...expected]) => {
    const opinions = opinionsOf(text, assets);
    const read = opinions.map(({ expression: { lemma }, negated, polarity, modality }) =>
      [canonicalExpression(lemma, synonyms), negated ? 'yes' : 'no', signs[polarity], modality].join(' '),
    );
    const right =
      expression === ''
        ? read.length === 0
        : read.includes([canonicalExpression(expression, synonyms), ...expected].join(' '));
    return right ? [] : [`${text}: ${expression} ${expected.join(' ')} read as ${read.join('; ')}`];
  });
  return { accuracy: 1 - wrong.length / cases.length, cases: cases.length, wrong };
}
