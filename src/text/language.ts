/** What language a text is in: ISO 639-1 code, or `und`, with a probability. */
export interface Language {
  readonly code: string;
  readonly confidence: number;
}

const scripts: readonly (readonly [code: string, letter: RegExp])[] = [
  ['ko', /\p{Script=Hangul}/u],
  ['ru', /\p{Script=Cyrillic}/u],
  ['th', /\p{Script=Thai}/u],
  ['ar', /\p{Script=Arabic}/u],
  ['hi', /\p{Script=Devanagari}/u],
  ['he', /\p{Script=Hebrew}/u],
  ['el', /\p{Script=Greek}/u],
];

// Characters that mainland Chinese writes and Japanese does not, and function words of Chinese either way.
const chineseOnly =
  /[这们吗对说话时间为从么东车买卖贵质红给请谢欢让还钱单发货动样电网图书业产总经务报费级纸见观长门问题难错评态热线气啊哦呢吧很你她咱哪啥嘛們這嗎沒對說麼歡讓錢單發樣產總裝價]/gu;

/**
 * Guesses the language from the letters. Kana means Japanese even among many English words; Han characters alone are
 * Japanese when they are few (最高, 対応遅延) and Chinese when they are many or hold characters only Chinese uses.
 */
export function guessLanguage(text: string): Language {
  let hiragana = 0;
  let kana = 0;
  let han = 0;
  let latin = 0;
  const others = new Map<string, number>();
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x3041 && code <= 0x3096) hiragana += 1;
    if ((code >= 0x3041 && code <= 0x30ff && code !== 0x30fb) || (code >= 0xff66 && code <= 0xff9f)) kana += 1;
    else if ((code >= 0x3400 && code <= 0x9fff) || code === 0x3005 || code >= 0x20000) han += isHan(character) ? 1 : 0;
    else if (isLatin(code)) latin += 1;
    else if (code > 0x36f) countOther(others, character);
  }
  const [other, letters] = [...others].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['und', 0]);
  const all = kana + han + latin + letters;
  if (all === 0) return { code: 'und', confidence: 1 };
  if (letters > kana + han && letters >= latin) return { code: other, confidence: share(letters, all) };
  // One English word is five letters, one Japanese word two or three; and hiragana are the grammar of the sentence.
  if (kana > 0 && ((kana + han) * 3 >= latin || hiragana * 6 >= latin)) return japanese(text, kana, han, all, latin);
  if (han > 0 && han * 3 >= latin) return ideographs(text, han);
  return { code: 'en', confidence: share(latin, all) };
}

function japanese(text: string, kana: number, han: number, all: number, latin: number): Language {
  // A Chinese text may quote a の; a Japanese one of this length has far more kana.
  if (han > 20 && kana * 12 < han) return ideographs(text, han);
  return { code: 'ja', confidence: share(kana + han + Math.min(latin, kana + han) / 2, all) };
}

function ideographs(text: string, han: number): Language {
  const chinese = text.match(chineseOnly)?.length ?? 0;
  if (chinese * 6 >= han) return { code: 'zh', confidence: share(chinese * 3 + han, han * 2) };
  return han > 14 ? { code: 'zh', confidence: 0.7 } : { code: 'ja', confidence: 0.8 };
}

function isHan(character: string): boolean {
  return /\p{Script=Han}/u.test(character);
}

function isLatin(code: number): boolean {
  return (
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0xc0 && code <= 0x24f) ||
    (code >= 0xff21 && code <= 0xff5a)
  );
}

function countOther(others: Map<string, number>, character: string): void {
  for (const [code, letter] of scripts) {
    if (letter.test(character)) others.set(code, (others.get(code) ?? 0) + 1);
  }
}

function share(part: number, whole: number): number {
  return Math.round(Math.min(1, part / whole) * 10_000) / 10_000;
}
