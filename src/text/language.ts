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

// Common words of languages in Latin letters; what holds none of them is taken for English.
const latinWords: readonly (readonly [code: string, words: RegExp])[] = [
  [
    'en',
    /\b(?:the|and|is|was|were|are|it|this|that|for|with|of|to|my|your|not|very|have|has|i|you|but|can|how|what)\b/gi,
  ],
  ['fr', /\b(?:le|la|les|est|et|un|une|je|ce|très|pas|pour|avec|des|du|que|qui|ne|mais|bien|bon|à)(?![\p{L}])/giu],
  ['es', /\b(?:el|los|las|muy|es|y|por|con|para|pero|una|mi|me|al|del|volveré|producto|estaba)(?![\p{L}])/giu],
  [
    'de',
    /\b(?:der|die|das|und|ist|nicht|sehr|ich|ein|eine|zu|mit|war|aber|leider|gerne|wieder|auch|für)(?![\p{L}])/giu,
  ],
  ['pt', /\b(?:o|os|não|muito|uma|um|do|da|em|ninguém|mas|com|às|gostei|recomendo|produto|atendimento)(?![\p{L}])/giu],
  ['it', /\b(?:il|gli|di|che|non|molto|è|ma|sono|della|ho|anche|ottimo|prodotto)(?![\p{L}])/giu],
  ['id', /\b(?:yang|dan|tidak|sangat|sekali|tetapi|ini|itu|saya|dengan|di|bagus|cepat|lambat|barang(?:nya)?)\b/gi],
  ['vi', /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/gi],
];

// Characters that mainland Chinese writes and Japanese does not, and function words of Chinese either way.
const chineseOnly =
  /[这们吗对说话时间为从么东车买卖贵质红给请谢欢让还钱单发货动样电网图书业产总经务报费级纸见观长门问题难错评态热线气啊哦呢吧很你她咱哪啥嘛们這嗎沒對說麼歡讓錢單發樣產總裝價廣戲會來國學實體點畫據應當號區變顯聽覺醫藥轉輕圖圓賣讀續繼歸邊壞處與舉樂廳條鐵關雖麵兩獨數專團擔擇擴歐殘氣滿濕營獎獻盡禮稱穩聲腦臺舊萬們給您递个荐购满较应该买两办边变别轻软洁净虽随险阳际鲜颜频页领顾须饮饭馆驾验鸡們]|好[吃喝用看玩]|非常[好不]|太[多少贵貴慢差好]|我|很|不錯|下次|已經|收到|謝謝|了[，。！]/gu;

/** Whole answers in Latin letters that Japanese write as often as others. */
const shortJapanese = /^[\s\p{P}]{0,5}(?:ok|ng)[\s\p{P}]{0,5}$/iu;

/** UTF-16 units that are enough to tell languages in Latin letters apart. */
const sampled = 2000;

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
  if (shortJapanese.test(text)) return { code: 'ja', confidence: 0.5 };
  const [other, letters] = [...others].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['und', 0]);
  const all = kana + han + latin + letters;
  if (all === 0) return { code: 'und', confidence: 1 };
  if (letters > kana + han && letters >= latin) return { code: other, confidence: share(letters, all) };
  // One English word is five letters, one Japanese word two or three; and hiragana are the grammar of the sentence.
  if (kana > 0 && ((kana + han) * 3 >= latin || hiragana * 8 >= latin)) return japanese(text, kana, han, all, latin);
  if (han > 0 && han * 3 >= latin) return ideographs(text, han);
  return { code: latinLanguage(text), confidence: share(latin, all) };
}

/** The language whose common words the text holds most of. */
function latinLanguage(text: string): string {
  let code = 'en';
  let most = 0;
  for (const [candidate, words] of latinWords) {
    const found = text.slice(0, sampled).match(words)?.length ?? 0;
    if (found > most) [code, most] = [candidate, found];
  }
  return code;
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
