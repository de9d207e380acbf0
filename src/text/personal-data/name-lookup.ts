import type { Span } from '../../domain/span.ts';
import { organisation, roles } from './not-names.ts';
import type { PersonNames } from './person-names.ts';

/** Finds names of persons in one kind of context. */
export type NameFinder = (text: string, lookup: NameLookup) => Span[];

/** Recognises names of persons in runs of one script. */
export interface NameLookup {
  isSurname(run: string): boolean;
  isGivenName(run: string): boolean;
  /** Whether kanji are a surname and a given name that the dictionary knows. */
  isFullName(run: string): boolean;
  /** Whether kanji, with a space between the names or not, are a surname, or one and something like a given name. */
  isLikelyName(run: string): boolean;
  /** Length of the surname, alone or with a given name, that ends a run of kanji; 0 for none. */
  nameSuffix(run: string): number;
  /** Length of the surname that ends a run of kanji; 0 for none. */
  surnameSuffix(run: string): number;
  /** Whether katakana spell or read a surname, a given name or both. */
  isKatakanaName(run: string): boolean;
}

const longestName = 8;
/** Other words that end in 屋 are shops. */
const families: ReadonlySet<string> = new Set('土屋 守屋 古屋 板屋 塩屋 関屋 高屋 神屋 刑部屋'.split(' '));
/** Forms of characters that the dictionary does not have. */
const variants: Readonly<Record<string, string>> = { 髙: '高', 﨑: '崎', 濵: '浜', 德: '徳', 邊: '辺', 邉: '辺' };

/** Looks names up in the dictionary; words that are more often a role, a shop or a thing are none. */
export function createNameLookup(names: PersonNames): NameLookup {
  const { surnames, givenNames, surnameReadings, givenNameReadings } = names;

  const isSurname = (written: string): boolean => {
    const run = written.replace(/[髙﨑濵德邊邉]/g, (variant) => variants[variant] ?? variant);
    return surnames.has(run) && !roles.has(run) && (!run.endsWith('屋') || families.has(run));
  };
  const isGivenName = (run: string): boolean => givenNames.has(run);

  function isFullName(run: string): boolean {
    return run.length > 2 && isCutBy(run, (family, given) => isSurname(family) && isGivenName(given));
  }

  function isLikelyName(run: string): boolean {
    const [family = '', given] = run.split(' ');
    if (given !== undefined) return given.length <= 4 && isSurname(family) && !organisation.test(given);
    if (isSurname(run) || isFullName(run)) return true;
    // The dictionary is older than many given names.
    return isCutBy(run, (first, rest) => first.length >= 2 && isSurname(first) && isNewName(rest));
  }

  function nameSuffix(run: string): number {
    return isLikelyName(run) ? run.length : longestSuffix(run, true);
  }

  function surnameSuffix(run: string): number {
    return isSurname(run) ? run.length : longestSuffix(run, false);
  }

  function longestSuffix(run: string, withGivenName: boolean): number {
    if (organisation.test(run) && !/[店社駅屋部課係員者]./.test(run)) return 0;
    for (let length = Math.min(longestName, run.length - 1); length >= 2; length -= 1) {
      const end = run.slice(-length);
      if (isSurname(end) || (withGivenName && isKnownInFull(end))) return length;
    }
    return 0;
  }

  function isKnownInFull(run: string): boolean {
    return isCutBy(run, (family, given) => given.length >= 2 && isSurname(family) && isGivenName(given));
  }

  function isKatakanaName(run: string): boolean {
    const parts = run.split(/[ ・]/);
    return parts.length <= 3 && parts.every(isReading);
  }

  function isReading(run: string): boolean {
    if (run.length < 2) return false;
    if (surnameReadings.has(run) || givenNameReadings.has(run) || surnames.has(run) || givenNames.has(run)) return true;
    return isCutBy(
      run,
      (family, given) =>
        family.length >= 2 && given.length >= 2 && surnameReadings.has(family) && givenNameReadings.has(given),
    );
  }

  return { isSurname, isGivenName, isFullName, isLikelyName, nameSuffix, surnameSuffix, isKatakanaName };
}

/** Hiragana as katakana, one for one. */
export function toKatakana(text: string): string {
  return text.replace(/[ぁ-ゖ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60));
}

function isNewName(rest: string): boolean {
  return rest.length <= 3 && !organisation.test(rest) && !/[御様殿名]/.test(rest);
}

/** Whether a run can be cut in two so that both parts pass. */
function isCutBy(run: string, passes: (first: string, rest: string) => boolean): boolean {
  if (run.length > 10) return false;
  for (let cut = 1; cut < run.length; cut += 1) {
    if (passes(run.slice(0, cut), run.slice(cut))) return true;
  }
  return false;
}
