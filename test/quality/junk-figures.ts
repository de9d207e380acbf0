import { prepareText } from '../../src/analysis/prepared-text.ts';
import { type Half, readGold } from './gold-file.ts';

/** How many texts have the status, reason and language that the gold says, by status. */
export interface JunkFigures {
  readonly statuses: readonly { readonly status: string; readonly cases: number; readonly right: number }[];
  readonly cases: number;
  readonly right: number;
  readonly mistakes: readonly string[];
}

// What a text is said with does not matter here.
const noWords = { tokenizer: { tokenize: () => [] } };

/** Judges the texts of the gold without the model. */
export function junkFigures(half: Half): JunkFigures {
  const judged = readGold('junk-and-language', half).map(([expected = '', text = '']) => {
    const { status, statusReason, language } = prepareText(text, noWords);
    const detail = status === 'unsupported-language' ? language.code : statusReason;
    const found = detail === undefined ? status : `${status}:${detail}`;
    return { status: expected.split(':')[0] ?? '', isRight: found === expected, mistake: `${text}: ${found}` };
  });
  const right = judged.filter(({ isRight }) => isRight).length;
  const statuses = [...new Set(judged.map(({ status }) => status))].map((status) => {
    const own = judged.filter((row) => row.status === status);
    return { status, cases: own.length, right: own.filter(({ isRight }) => isRight).length };
  });
  const mistakes = judged.filter(({ isRight }) => !isRight).map(({ mistake }) => mistake);
  return { statuses, cases: judged.length, right, mistakes };
}
