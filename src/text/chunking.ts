import type { Bunsetsu } from './bunsetsu.ts';
import { nounRole, predicateRole } from './bunsetsu-roles.ts';
import { easeEnd } from './ease.ts';
import { readForm } from './form-reader.ts';
import { isMadeNoun } from './made-nouns.ts';
import { isNegator } from './negators.ts';
import type { Token } from './tokenizer.ts';

/**
 * Cuts a sentence into bunsetsu by parts of speech. Time is linear in the number of tokens.
 *
 * @param starts tokens at which one begins in any case, even within a compound noun: 接客|最悪
 */
export function chunk(tokens: readonly Token[], starts: ReadonlySet<number>): Bunsetsu[] {
  const found: Bunsetsu[] = [];
  for (let first = 0; first < tokens.length; ) {
    const bunsetsu = readBunsetsu(tokens, first, starts);
    found.push(bunsetsu);
    first = bunsetsu.end;
  }
  return found;
}

function readBunsetsu(tokens: readonly Token[], first: number, starts: ReadonlySet<number>): Bunsetsu {
  const token = tokens[first];
  if (token?.partOfSpeech === '名詞' || token?.partOfSpeech === '接頭詞' || isMadeNoun(tokens, first)) {
    return readNoun(tokens, first, starts);
  }
  if (token?.partOfSpeech === '動詞' || token?.partOfSpeech === '形容詞') {
    const kind = token.partOfSpeech === '動詞' ? 'verb' : 'adjective';
    return readPredicate(tokens, first, first + 1, kind, starts);
  }
  // サクサク and イライラ are adverbs to the dictionary but may be predicates: ふかふかの, イライラする.
  const next = tokens[first + 1];
  if (token?.partOfSpeech === '副詞' && next !== undefined && (starts.has(first) || isMimetic(token))) {
    if (isCopula(next, true) || next.lemma === 'する' || next.partOfSpeech === '記号') {
      return readPredicate(tokens, first, first + 1, next.lemma === 'する' ? 'verb' : 'noun', starts);
    }
  }
  const end = endOfFunction(tokens, first + 1, starts);
  const comma = endsInComma(tokens, end);
  return { first, contentEnd: first + 1, end, kind: 'other', role: 'adverb', comma };
}

function readNoun(tokens: readonly Token[], first: number, starts: ReadonlySet<number>): Bunsetsu {
  let contentEnd = first + 1;
  while (continuesNoun(tokens, contentEnd, starts)) contentEnd += 1;
  const last = tokens[contentEnd - 1];
  const next = tokens[contentEnd];
  const ease = easeEnd(tokens, contentEnd);
  if (ease !== undefined && ease === contentEnd + 1) return readPredicate(tokens, first, ease, 'adjective', starts);
  if (next !== undefined && tokens[first]?.detail !== '数' && isVerbOf(next, last))
    return readPredicate(tokens, first, contentEnd, 'verb', starts);
  if (/^(?:すぎる|過ぎる)$/.test(next?.lemma ?? '')) return readPredicate(tokens, first, contentEnd, 'noun', starts);
  if (/^(?:すぎ|過ぎ)$/.test(last?.surface ?? '') && contentEnd - first > 1 && next !== undefined && isNegator(next))
    return readPredicate(tokens, first, contentEnd - 1, 'noun', starts);
  const adjectival = last?.detail === '形容動詞語幹' || starts.has(first) || last?.surface === 'そう';
  if (next === undefined || next.partOfSpeech === '記号') {
    if (adjectival && next?.surface !== '「') return readPredicate(tokens, first, contentEnd, 'noun', starts);
  } else if (isCopula(next, adjectival)) return readPredicate(tokens, first, contentEnd, 'noun', starts);
  const end = endOfFunction(tokens, contentEnd, starts);
  const comma = endsInComma(tokens, end);
  return { first, contentEnd, end, kind: 'noun', role: nounRole(tokens, first, contentEnd, end, adjectival), comma };
}

/** サクサク, しっかり and the like. */
function isMimetic({ surface }: Token): boolean {
  return /^(.{2,3})\1$|^.っ.り$|^.ん.り$/u.test(surface);
}

function continuesNoun(tokens: readonly Token[], index: number, starts: ReadonlySet<number>): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (token === undefined || before === undefined) return false;
  if (before.partOfSpeech === '接頭詞') return token.partOfSpeech === '名詞' || token.partOfSpeech === '動詞';
  if (isMadeNoun(tokens, index)) return before.partOfSpeech === '名詞' && !starts.has(index);
  // Wi-Fi, A・B
  if (/^[-・/&]$/.test(token.surface)) return tokens[index + 1]?.partOfSpeech === '名詞' && before.detail !== '数';
  if (/^[-・/&]$/.test(before.surface)) return token.partOfSpeech === '名詞';
  if (token.partOfSpeech !== '名詞' && token.partOfSpeech !== '接頭詞') return false;
  if (starts.has(index) || token.detail === '非自立') return false;
  if (token.detail === '接尾') return true;
  const adjective = token.detail === '形容動詞語幹' || token.detail === '代名詞';
  const apart = before.detail === '代名詞' || before.detail === '副詞可能';
  return !adjective && !(apart && !isNumber(before));
}

function isNumber({ detail }: Token): boolean {
  return detail === '数';
}

/** 満足|する, ログイン|できる, お勧め|する. */
function isVerbOf(token: Token, noun: Token | undefined): boolean {
  if (token.partOfSpeech !== '動詞') return false;
  if (!/^(?:する|できる|出来る|いたす|致す|なさる|いただく|頂く|くださる)$/.test(token.lemma)) return false;
  return noun?.detail !== '副詞可能' && noun?.detail !== '代名詞';
}

function isCopula(token: Token, adjectival: boolean): boolean {
  if (token.partOfSpeech === '助動詞') return true;
  if (token.surface === 'じゃ' || token.surface === 'か' || token.detail === '終助詞') return true;
  return adjectival && (token.surface === 'で' || token.surface === 'でも' || token.surface === 'の');
}

function readPredicate(
  tokens: readonly Token[],
  first: number,
  contentEnd: number,
  kind: Bunsetsu['kind'],
  starts: ReadonlySet<number>,
): Bunsetsu {
  const ease = easeEnd(tokens, contentEnd);
  if (ease !== undefined && ease > contentEnd) return readPredicate(tokens, first, ease, 'adjective', starts);
  const form = readForm(tokens, contentEnd);
  const formEnd = Math.max(form.end, contentEnd);
  const goesOn = form.joint === 'continues' && tokens[formEnd]?.partOfSpeech === '動詞';
  const end = goesOn ? formEnd : endOfFunction(tokens, formEnd, starts);
  return {
    first,
    contentEnd,
    end,
    kind,
    role: predicateRole(tokens, form, end),
    form,
    comma: endsInComma(tokens, end),
  };
}

/** Where the words without content end that follow `from`. */
function endOfFunction(tokens: readonly Token[], from: number, starts: ReadonlySet<number>): number {
  let index = from;
  while (index < tokens.length && !starts.has(index) && isFunction(tokens[index])) index += 1;
  return index;
}

function isFunction(token: Token | undefined): boolean {
  if (token === undefined) return false;
  switch (token.partOfSpeech) {
    case '助詞':
    case '助動詞':
    case '記号':
    case 'フィラー':
      return true;
    case '名詞':
    case '形容詞':
      return token.detail === '非自立' || token.detail === '接尾';
    case '動詞':
      return token.detail === '非自立' || token.detail === '接尾';
    default:
      return false;
  }
}

function endsInComma(tokens: readonly Token[], end: number): boolean {
  const surface = tokens[end - 1]?.surface;
  return surface === '、' || surface === ',';
}
