import { explains, readTe } from './form-particles.ts';
import type { FormState } from './form-state.ts';
import { connects, favours, light } from './light-verbs.ts';
import { isNegator } from './negators.ts';
import type { Joint } from './predicate-form.ts';
import type { Token } from './tokenizer.ts';

/** Reads an auxiliary: た, たい, なら, な, で; the joint where the form ends. */
export function readAuxiliary(state: FormState, token: Token): Joint | undefined {
  if (token.lemma === 'た' || (token.lemma === 'だ' && token.inflection === '特殊・タ')) {
    if (token.conjugation === '仮定形') return state.condition('たら');
    state.tense = 'past';
    return state.takeWord();
  }
  if (token.surface === 'なら') return state.condition('なら');
  if (token.lemma === 'たい') {
    const denied = state.tokens[state.index + 1];
    // 行きたく|ありません, 行きたく|は|ない
    const goesOn = token.surface === 'たく' && /^(?:ある|ござる|は|も)$/.test(denied?.lemma ?? '');
    if (denied === undefined || !(isNegator(denied) || goesOn)) {
      state.modality = 'wished';
      if (token.conjugation === '連用タ接続') state.contrary = true;
    }
    return state.takeWord();
  }
  if (token.surface === 'な' && token.conjugation === '体言接続') return readAttribute(state);
  if (token.surface === 'で' && token.lemma === 'だ') return readTe(state, token);
  return state.take();
}

/** The な of 便利な, before a noun or a nominaliser. */
function readAttribute(state: FormState): Joint | undefined {
  state.index += 1;
  const next = state.tokens[state.index];
  if (next === undefined) return 'end';
  return next.detail === '非自立' || next.partOfSpeech === '助詞' ? undefined : 'adnominal';
}

/** Reads a verb or an adjective after a predicate: a light one belongs to the form, another ends it. */
export function readVerb(state: FormState, token: Token, before: Token): Joint | undefined {
  const { lemma } = token;
  if (!light.has(lemma) || !connects(token, before)) return jointBeforeWord(state, before);
  if (favours.has(lemma) && before.detail === '接続助詞') state.favour = true;
  if (lemma === 'れる' || lemma === 'られる') state.passive = true;
  const made = lemma === 'する' && (before.conjugation === '連用テ接続' || before.surface === 'に');
  if (lemma === 'せる' || lemma === 'させる' || made) state.causative = true;
  if (lemma === 'すぎる' || lemma === '過ぎる') state.excessive = true;
  if (token.conjugation === '仮定形') {
    state.index += 1;
    return undefined;
  }
  return ['れる', 'られる', 'せる', 'させる', 'すぎる', '過ぎる', 'する', 'できる'].includes(lemma)
    ? state.takeWord()
    : state.take();
}

/** Reads a noun after a predicate: suffixes and formal nouns belong to the form. */
export function readNoun(state: FormState, token: Token, before: Token): Joint | undefined {
  if (token.detail === '接尾') {
    if (/^(?:すぎ|過ぎ)$/.test(token.surface)) {
      state.excessive = true;
      return state.takeWord();
    }
    return state.take();
  }
  if (token.detail !== '非自立') {
    return before.partOfSpeech === '名詞' && before.detail !== '非自立' ? 'end' : jointBeforeWord(state, before);
  }
  const next = state.tokens[state.index + 1];
  if (token.surface === 'の' || token.surface === 'ん') return explains(next) ? state.take() : 'nominal';
  if (/^(?:よう|様|みたい|感じ|はず|筈|ハズ|わけ|訳)$/.test(token.surface)) return state.take();
  if (/^(?:ため|為)$/.test(token.surface)) return state.end('continues');
  if (/^(?:ほど|程|くらい|ぐらい)$/.test(token.surface)) return state.compare();
  if (/^(?:とき|時)$/.test(token.surface)) return 'adnominal';
  return /^(?:こと|もの|ところ|とこ|点|もん|の)$/.test(token.surface) ? 'nominal' : 'adnominal';
}

/** Reads a sign, which ends the form; ? asks. */
export function readSign(state: FormState, token: Token): Joint {
  if (token.surface === '?') {
    const before = state.tokens[state.index - 1]?.surface ?? '';
    if (!/^(?:ね|よね|でしょ|う)$/.test(before) && state.modality === 'stated') state.modality = 'questioned';
    state.index += 1;
    return 'end';
  }
  const before = state.tokens[state.index - 1];
  return before?.conjugation?.startsWith('連用') === true ? 'continues' : 'end';
}

/** How the form ends before a word that is no part of it. */
export function jointBeforeWord(state: FormState, before: Token): Joint {
  const next = state.tokens[state.index];
  const { partOfSpeech, conjugation = '' } = before;
  const denied = before.surface === 'なく' || before.surface === 'ず';
  if ((partOfSpeech === '形容詞' || denied) && conjugation.startsWith('連用')) {
    return next?.partOfSpeech === '動詞' || next?.detail === 'サ変接続' ? 'adverbial' : 'continues';
  }
  if (conjugation.startsWith('連用')) return 'continues';
  if (conjugation === '未然形' || conjugation === 'ガル接続') return 'end';
  const inflects = partOfSpeech === '動詞' || partOfSpeech === '形容詞' || partOfSpeech === '助動詞';
  if (inflects)
    return next?.partOfSpeech === '名詞' ||
      next?.partOfSpeech === '接頭詞' ||
      next?.partOfSpeech === '形容詞' ||
      next?.partOfSpeech === '副詞' ||
      next?.partOfSpeech === '連体詞'
      ? 'adnominal'
      : 'end';
  return 'end';
}
