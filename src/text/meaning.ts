import { isKaomoji } from './protected-ranges.ts';

/** Why a text says nothing that could be analysed. */
export type NoMeaning = 'no-answer' | 'test' | 'repetition' | 'keyboard' | 'signs';

const pictures = /\p{Extended_Pictographic}|[♡♪]/u;
const signs = /[\p{P}\p{S}\p{Z}\s]/gu;

// Whole answers that say there is no answer.
const noAnswer = new RegExp(
  `^(?:${[
    '(?:(?:今|いま)のところ|現在|現状|今回|今)?は?(?:特に|とくに|特段|別に|べつに)(?:は|も)?',
    '(?:(?:今|いま)のところ|現在|現状|今回|今)?は?(?:特に|とくに|特段|別に|べつに)?(?:は|も)?' +
      '(?:ご?要望|ご?意見|コメント|感想|該当|改善点|不満|回答(?!が)|希望|質問|(?:書く|言う|思い当たる)こと)?(?:等|など)?(?:は|も|が)?' +
      '(?:特に|とくに|特段|別に|べつに|これといって|とりたてて|何も|なにも|まだ|今は|今のところ|現在){0,2}(?:は|も)?' +
      '(?:(?:なし|ナシ|無し|無|ない|無い|ありません|ございません|なかった|思いつきません|思いつかない|思い当たりません|思い当たらない)' +
      '(?:です|でした|かな|かも|ね|と思います){0,3})',
    '無回答|未記入|ノーコメント|以上(?:です)?|同上|(?:上に|上記に|上記と|前回と|前と)?同じ(?:です)?|上記の?(?:通り|とおり)(?:です)?',
    'na|none|nothing|no|nocomment|nil|null|undefined',
  ].join('|')})$`,
  'i',
);
const test =
  /^(?:これは|ただの)?(?:送信|投稿|動作|表示|入力|疎通|配信){0,2}(?:テスト|てすと|てst|test(?:ing)?|動作確認|てす){1,4}(?:です|中|投稿|送信|入力|配信|メール|メッセージ|コメント|用|回目|\d{1,9}){0,4}(?:(?:ので|から)?(?:無視|削除|気にしないで)(?:して)?(?:ください|下さい|OK)?)?$/i;
const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const drills = ['abcdefghijklmnopqrstuvwxyz', '1234567890', 'aiueo'];
const drill =
  /^(?:(?:あいう(?:えお)?|かきくけこ|さしすせそ|あかさたな(?:はまやらわ)?|いろはに(?:ほへと)?|アイウエオ)+|foo(?:bar)?(?:baz)?|hello(?:world)?|lorem(?:ipsum)?)$/i;
// いい and ええ are words.
const repeated =
  /^(?:(?:hoge|fuga|ほげ|ふが|ホゲ)+|(.)\1{2,}[ーんっ]{0,3}|([^いえイエ良])\2|(?:[ぁ-ゖァ-ヺ]ー){3,}|([a-z]{2,8}?)\3{2,})$/iu;
/** No answer of the lists is longer, in UTF-16 units. */
const longestAnswer = 30;

/**
 * Why a text says nothing that could be analysed: 特になし, テスト, ああああ, あいうえお, lone digits and signs; undefined if it
 * says something. Doubt counts as meaning: a one-word complaint must not be lost.
 *
 * @param text normalised
 */
export function lackOfMeaning(text: string): NoMeaning | undefined {
  const normalized = text.trim();
  if (pictures.test(normalized) || isKaomoji(normalized)) return undefined;
  const words = normalized.replace(signs, '');
  if (/^(?:ー*|\d|[a-z])$/i.test(words)) return 'signs';
  if (isFromKeyboard(words)) return 'keyboard';
  if (/^\d+$/.test(words)) return 'signs';
  if (!/\s/.test(normalized) && repeated.test(words)) return 'repetition';
  if (words.length > longestAnswer) return undefined;
  if (test.test(words)) return 'test';
  // An exclamation mark makes an answer of any (ない！), unless it is said of what: 特になし！
  if (/[!?]/.test(normalized) && (normalized.includes('?') || !/特に|とくに|別に|べつに|要望|意見/.test(words)))
    return undefined;
  return noAnswer.test(words) || noAnswer.test(words.replaceAll('ー', '')) ? 'no-answer' : undefined;
}

function isFromKeyboard(words: string): boolean {
  if (drill.test(words)) return true;
  const keys = words.toLowerCase();
  return keys.length >= 3 && (drills.some((all) => all.includes(keys)) || isOfRows(keys));
}

/** Whether it is cut into three or more neighbouring keys each: qwerty, asdfasdf. */
function isOfRows(keys: string): boolean {
  for (let at = 0; at < keys.length; ) {
    let length = 0;
    for (const row of rows) {
      while (at + length < keys.length && row.includes(keys.slice(at, at + length + 1))) length += 1;
    }
    if (length < 3) return false;
    at += length;
  }
  return true;
}
