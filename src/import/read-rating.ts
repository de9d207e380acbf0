import { cellText, type SourceCell } from './source-row.ts';

/** A scale of ratings. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

/** A rating, with the upper end of its scale where the cell tells it. */
export interface ReadRating {
  readonly value: number;
  readonly max?: number;
}

const full = /★|⭐\ufe0f?|🌟/gu;
const number = String.raw`(\d{1,4}(?:\.\d{1,4})?)`;
const forms = [
  new RegExp(`^${number}\\s?(?:点|つ|つ星|stars?|個|ポイント|pt|points?)?$`),
  new RegExp(`^(?:星|評価|rating|★)\\s?:?\\s?${number}(?:つ|点|個)?$`),
];
const ofMost = [new RegExp(`^(?:星)?${number}(?:点|つ)?\\s?(?:/|out of|中の?|of)\\s?${number}(?:点|つ)?$`)];
const japaneseOfMost = new RegExp(`^${number}(?:点満点中?|段階中?|つ星中)の?\\s?${number}(?:点|つ)?$`);

/**
 * A rating as files hold it: 4, 4.0, 4点, 星4つ, ★★★★☆, 4/5, 5点満点中4点.
 *
 * @returns undefined for what is none
 */
export function readRating(cell: SourceCell): ReadRating | undefined {
  if (typeof cell === 'number') return Number.isFinite(cell) ? { value: cell } : undefined;
  if (typeof cell !== 'string' || cell.length > 60) return undefined;
  const stars = cell.match(full)?.length ?? 0;
  const empty = cell.match(/☆/g)?.length ?? 0;
  const rest = cell.normalize('NFKC').replaceAll(/★|☆|⭐|🌟|\ufe0f|\s/gu, '');
  if (stars > 1 || (stars === 1 && rest === '')) {
    const toldAlso = rest === '' ? undefined : readRating(rest.replaceAll(/[()]/g, ''));
    if (rest !== '' && toldAlso?.value !== stars) return undefined;
    return empty > 0 ? { value: stars, max: stars + empty } : { value: stars };
  }
  const text = cellText(cell).normalize('NFKC').trim().toLowerCase();
  for (const form of forms) {
    const [, value] = form.exec(text) ?? [];
    if (value !== undefined) return { value: Number(value) };
  }
  for (const form of ofMost) {
    const [, value, max] = form.exec(text) ?? [];
    if (value !== undefined) return { value: Number(value), max: Number(max) };
  }
  const [, max, value] = japaneseOfMost.exec(text) ?? [];
  return value === undefined ? undefined : { value: Number(value), max: Number(max) };
}

/** Scales that are common, narrowest first. */
const common: readonly Scale[] = [
  { min: 1, max: 5 },
  { min: 0, max: 10 },
  { min: 0, max: 100 },
];

/** So many of the ratings a scale must hold: a slip of the keyboard makes no other scale. */
const most = 0.95;

/** The narrowest common scale that holds nearly all of some ratings; 1 to 5 where there are none. */
export function guessScale(ratings: readonly ReadRating[]): Scale {
  const told = ratings.find(({ max }) => max !== undefined)?.max;
  if (told !== undefined && ratings.every(({ max = told }) => max === told)) return scaleTo(told);
  const holds = (scale: Scale) => ratings.filter(({ value }) => isOn(scale, value)).length >= most * ratings.length;
  return common.find(holds) ?? { min: 1, max: 5 };
}

/** The scale that ends at a number: from 0 where that is at least 10, from 1 otherwise. */
export function scaleTo(max: number): Scale {
  return { min: max >= 10 ? 0 : 1, max };
}

/** Whether a value is on a scale. */
export function isOn({ min, max }: Scale, value: number): boolean {
  return value >= min && value <= max;
}
