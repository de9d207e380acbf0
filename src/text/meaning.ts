import { alignText } from './aligned-text.ts';
import { isKaomoji } from './protected-ranges.ts';

const pictures = /\p{Extended_Pictographic}|[♡♪]/u;
const signs = /[\p{P}\p{S}\p{Z}\s]/gu;

// Whole answers that say there is no answer. "ない" alone is left out: it may be one.
const nothing = new RegExp(
  `^(?:${[
    '(?:今のところ|いまのところ|現在|現状)?(?:特に|とくに|特段|別に)(?:は|も)?(?:なし|無し|無|ない|無い|ありません|無いです|ないです|なしです|無しです|ございません|なかった(?:です)?|思いつきません|思いつかない(?:です)?|思い当たりません|書くことはない(?:です)?|要望(?:は)?(?:なし|ありません))?',
    '(?:要望|意見|コメント|感想|該当|改善点|不満|回答)?(?:は|も)?(?:なし|無し|なしです|無しです|ナシ|ありません|ございません)',
    '無|無回答|未記入|同上|同じ|以上(?:です)?',
    'テスト(?:です|投稿|送信|メール|中)*|てすと|動作確認|test(?:ing)?|てst',
    'あいうえお|かきくけこ|いろはにほへと|asdf(?:gh)?(?:jkl)?|qwerty|abc(?:de)?|(?:hoge|ほげ)+|hello|helloworld|xxx',
    'na|none|nothing|no|nocomment|nil|null|undefined',
  ].join('|')})$`,
  'i',
);

/**
 * Whether a text says anything that could be analysed: false for 特になし, テスト, ああああ, lone digits and signs. Doubt
 * counts as meaning: a one-word complaint must not be lost.
 */
export function isMeaningful(text: string): boolean {
  const normalized = alignText(text).normalized;
  if (pictures.test(normalized) || isKaomoji(normalized.trim())) return true;
  const words = normalized.replace(signs, '');
  if (words === '' || /^(?:\d+|[a-z])$/i.test(words) || /^(.)\1+$/u.test(words)) return false;
  // No answer of the list is longer, and an exclamation mark makes an answer of any.
  if (words.length > 24 || /[!?]/.test(normalized)) return true;
  return !nothing.test(words);
}
