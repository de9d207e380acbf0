import { before } from './detector.ts';
import type { NameFinder, NameLookup } from './name-lookup.ts';
import { everydayGivenNames, everydaySurnames, organisation, regions } from './not-names.ts';

const role =
  /(?:担当(?:者|医)?|主治医|担任|助産師|司書|(?:民生|児童)委員|オペレーター?|スタッフ|受付|店員|店長|営業(?:担当)?|係(?:員)?|責任者|窓口|販売員|美容師|仲居|料理長|女将|ドライバー|配達員|ガイド|運転手|看護師|医師|講師|社員|会員|受取人|ヘルパー)の/g;
const surnameThen =
  /[\p{Script=Han}々]{2,6}(?=[がはもをにへと、。,)」]|から|より|です|でし|の(?:対応|態度|説明|電話))/uy;

/** 担当の山田が. */
export const namedByRole: NameFinder = (text, lookup) =>
  Array.from(text.matchAll(role)).flatMap(({ index, 0: words }) => {
    const start = index + words.length;
    const name = matchAt(surnameThen, text, start);
    if (name === undefined || regions.has(name)) return [];
    return isLikelySurname(name, lookup) || lookup.isFullName(name) ? [{ start, end: start + name.length }] : [];
  });

const kin =
  /(?:息子|娘|長男|長女|次男|次女|三男|三女|孫|主人|旦那|夫|妻|嫁|弟|妹|兄|姉|甥|姪|彼氏|彼女|祖母|祖父|[父母](?=の[\p{Script=Han}]{2})|(友人|友達|上司|同僚|知人|先輩|後輩))(?:の(?:名前は)?|(\())/gu;
const givenNameThen =
  /(?:[\p{Script=Han}々]{1,4}|[\p{Script=Katakana}ー]{3,5}|[\p{Script=Hiragana}]{3,4}?)(?=[がはもをにへと、。,)]|です|でし|(?<=[\p{Script=Han}\p{Script=Katakana}]{2})の)/uy;
const modern = /^(?!野菜|白菜|青菜|山菜|総菜|惣菜|前菜)\p{Script=Han}{1,2}[菜奈莉咲翔斗哉郎輝乃]$/u;

/** 娘の美咲が; 友人の山田が. */
export const namedByKinship: NameFinder = (text, lookup) =>
  Array.from(text.matchAll(kin)).flatMap(({ index, 0: words, 1: friend, 2: bracket }) => {
    const start = index + words.length;
    const name = matchAt(givenNameThen, text, start);
    if (name === undefined || everydayGivenNames.has(name)) return [];
    if (bracket !== undefined && text[start + name.length] !== ')') return [];
    const isKatakana = /^[ァ-ヶ]/.test(name);
    const named = isKatakana
      ? lookup.isKatakanaName(name)
      : lookup.isGivenName(name) ||
        lookup.isFullName(name) ||
        modern.test(name) ||
        (friend !== undefined && name.length > 1 && isLikelySurname(name, lookup));
    return named ? [{ start, end: start + name.length }] : [];
  });

const quotation = /「([\p{Script=Han}々]{1,6})(?=」(?:です|と(?:書|い|あ|名|呼)|さん|様))/gu;
const badge = /名札|ネームプレート|バッジ|胸/;

/** 名札に「山田」とある. */
export const quotedOnBadge: NameFinder = (text, lookup) =>
  Array.from(text.matchAll(quotation)).flatMap(({ index, 1: name = '' }) => {
    const named = badge.test(before(text, index, 12))
      ? lookup.isLikelyName(name)
      : name.length > 1 && isLikelySurname(name, lookup) && !regions.has(name);
    return named ? [{ start: index + 1, end: index + 1 + name.length }] : [];
  });

const signature =
  /\n ?(?:([\p{Script=Han}々ヶ]{1,5}) ([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}々ー]{1,5})|([\p{Script=Han}々ヶ]{2,6}))(?= ?(?:より|拝)? ?(?:\n|$))/gu;

/** A line of its own that holds nothing but a name. */
export const signedBelow: NameFinder = (text, lookup) =>
  Array.from(text.matchAll(signature)).flatMap(({ index, 0: words, 1: family, 2: given = '', 3: run = '' }) => {
    const named =
      family !== undefined
        ? lookup.isSurname(family) && !organisation.test(given)
        : lookup.isFullName(run) ||
          (isLikelySurname(run, lookup) && !regions.has(run)) ||
          (run.length >= 3 && lookup.isLikelyName(run));
    const end = index + words.length;
    const length = family === undefined ? run.length : family.length + 1 + given.length;
    return named ? [{ start: end - length, end }] : [];
  });

const beside =
  /(?<![\p{Script=Han}々\p{Script=Katakana}ー])([\p{Script=Han}々]{2,6})(?:(?= ?\((?:0|\+81|[\w.+-]{1,40}@))|と([\p{Script=Han}々]{2,4})の(?:[二三四2-4](?:人|名)|両名))/gu;

/** 山田(090-...); 山田と佐藤の二名. */
export const withDetails: NameFinder = (text, lookup) =>
  Array.from(text.matchAll(beside)).flatMap(({ index, 0: words, 1: one = '', 2: other }) => {
    const spans = [{ start: index, end: index + one.length }];
    if (other !== undefined) {
      const start = index + words.lastIndexOf(other);
      spans.push({ start, end: start + other.length });
    }
    return spans.every(({ start, end }) => isPerson(text.slice(start, end), lookup)) ? spans : [];
  });

function isPerson(run: string, lookup: NameLookup): boolean {
  return lookup.isFullName(run) || (isLikelySurname(run, lookup) && !regions.has(run));
}

const farewell =
  /(?:^|[。\n])(?:以上|敬具|草々|よろしくお願い(?:いた)?します)[、。 ]{1,2}([\p{Script=Han}々]{2,6})(?=より?(?:$|[。\n]))/gmu;
const dashed = /^ ?[-―~][ ]?([\p{Script=Han}々]{2,6})[ ]?[-―~]$/gmu;

/** 以上、山田より; -山田-. */
export const signedOff: NameFinder = (text, lookup) =>
  [farewell, dashed].flatMap((pattern) =>
    Array.from(text.matchAll(pattern)).flatMap(({ index, 0: words, 1: name = '' }) => {
      const start = index + words.lastIndexOf(name);
      return isPerson(name, lookup) ? [{ start, end: start + name.length }] : [];
    }),
  );

const alone =
  /(?<![\p{Script=Han}々\p{Script=Katakana}ー])[\p{Script=Han}々]{4,6}(?=[がはをにもへと、。,()]|です|より|から|の(?!(?:[\p{Script=Han}]{1,3}展|小説|漫画|マンガ|アニメ|映画|ドラマ|曲|歌|音楽|コンサート|ライブ|舞台|講演|作品|著書|絵|写真集|ファン|大ファン))|$)/gmu;

/** Surname and given name, both known and of two characters or more. */
export const calledInFull: NameFinder = (text, lookup) =>
  Array.from(text.matchAll(alone))
    .filter(({ 0: run }) => !organisation.test(run) && isKnownInFull(run, lookup))
    .map(({ index, 0: run }) => ({ start: index, end: index + run.length }));

function isKnownInFull(run: string, lookup: NameLookup): boolean {
  for (let cut = 2; cut <= run.length - 2; cut += 1) {
    const given = run.slice(cut);
    const known = isLikelySurname(run.slice(0, cut), lookup) && lookup.isGivenName(given);
    if (known && !everydayGivenNames.has(given)) return true;
  }
  return false;
}

function isLikelySurname(run: string, lookup: NameLookup): boolean {
  return lookup.isSurname(run) && !everydaySurnames.has(run);
}

function matchAt(pattern: RegExp, text: string, index: number): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0];
}
