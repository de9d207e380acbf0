import type { FormState } from './form-state.ts';
import { contrasts, existence, light } from './light-verbs.ts';
import { isNegator } from './negators.ts';
import type { Joint } from './predicate-form.ts';
import { wishAfterQuote } from './predicate-patterns.ts';
import type { Token } from './tokenizer.ts';

/** Reads a particle after a predicate; the joint where the form ends. */
export function readParticle(state: FormState, token: Token, before: Token): Joint | undefined {
  const { surface, detail } = token;
  const next = state.tokens[state.index + 1];
  if (surface === 'ば') return state.condition('ば');
  if (surface === 'なら' || surface === 'ならば') return state.condition('なら');
  if (surface === 'て' || surface === 'で' || surface === 'ちゃ') return readTe(state, token);
  if (surface === 'ても' || surface === 'でも' || surface === 'とも') {
    if (next !== undefined && (isNegator(next) || next.lemma === 'ある')) return state.take();
    return before.partOfSpeech === '名詞' ? 'argument' : state.concession();
  }
  if (contrasts.has(surface) && (detail !== '格助詞' || surface !== 'が')) return state.end('contrast');
  if (surface === 'か' || surface === 'かな' || surface === 'かしら' || surface === 'かい')
    return readQuestion(state, next);
  if (surface === 'の') return readNominal(state, token, before);
  if (surface === 'と' && detail === '接続助詞') return state.condition('と');
  if (surface === 'と' || surface === 'って' || surface === 'とは') return readQuote(state, before, next);
  if (surface === 'し' || surface === 'から' || surface === 'ので' || surface === 'ながら' || surface === 'つつ') {
    if (before.partOfSpeech === '名詞' && surface === 'から') return 'argument';
    return state.end('continues');
  }
  if (surface === 'に') return readNi(state, before, next);
  // 期待していたより良い
  if (surface === 'より' && before.partOfSpeech !== '名詞') return state.compare();
  if (surface === 'ほど' || surface === 'くらい' || surface === 'ぐらい') return state.compare();
  if (detail === '終助詞' || detail === '副助詞' || surface === 'じゃ') return state.take();
  if (surface === 'は' || surface === 'も' || surface === 'が') return readTopic(state, token, before, next);
  if (surface === 'を') {
    const verb = next?.partOfSpeech === '動詞' && (existence.has(next.lemma) || next.lemma === '感じる');
    return verb ? state.take() : 'argument';
  }
  return 'argument';
}

/** て and で: more of the form, or the end of the clause. */
export function readTe(state: FormState, token: Token): Joint | undefined {
  state.index += 1;
  const next = state.tokens[state.index];
  if (next === undefined || next.partOfSpeech === '記号') return 'continues';
  if (next.surface === 'も' || next.surface === 'は') {
    const after = state.tokens[state.index + 1];
    const carries = after !== undefined && (isNegator(after) || after.lemma === 'ある' || after.lemma === 'いる');
    if (carries) return state.take();
    return next.surface === 'は' || token.lemma === 'だ' ? 'continues' : state.concession();
  }
  if (isNegator(next) || (next.lemma === 'ある' && next.partOfSpeech !== '連体詞')) return undefined;
  // 冷たくて|行きたくない: an adjective takes no verb of course or trial.
  const adjective = state.tokens[state.index - 2]?.partOfSpeech === '形容詞' && next.partOfSpeech === '動詞';
  return light.has(next.lemma) && next.detail === '非自立' && !adjective ? undefined : 'continues';
}

/** は, も and が: 早く|は|ない, 不満|は|ない, 問題|が|ある; otherwise the word is an argument. */
function readTopic(state: FormState, token: Token, before: Token, next: Token | undefined): Joint | undefined {
  if (next?.lemma === '感じる' && token.surface !== 'が') return state.take();
  const inflected = before.partOfSpeech !== '名詞' || before.detail === '非自立';
  const carries =
    next !== undefined &&
    (isNegator(next) || (existence.has(next.lemma) && next.partOfSpeech === '動詞')) &&
    !(inflected && next.lemma === 'できる');
  return carries ? state.take() : 'argument';
}

function readNi(state: FormState, before: Token, next: Token | undefined): Joint | undefined {
  const following = next?.surface === 'は' || next?.surface === 'も' ? state.tokens[state.index + 2] : next;
  const carries =
    following !== undefined &&
    (light.has(following.lemma) || isNegator(following)) &&
    !(before.partOfSpeech === '名詞' && ['いる', 'ある', '行く', '来る', 'もらう'].includes(following.lemma));
  if (carries) {
    state.index += following === next ? 1 : 2;
    return undefined;
  }
  return before.partOfSpeech === '名詞' ? 'adverbial' : 'argument';
}

function readQuestion(state: FormState, next: Token | undefined): Joint | undefined {
  const closes =
    next === undefined ||
    next.partOfSpeech === '記号' ||
    next.partOfSpeech === '助詞' ||
    /^(?:どう|否|分かる|わかる|知る|聞く|教える|不明|確認|気)/.test(next.lemma);
  // 良くはないかな doubts nothing.
  const rest = state.text.slice(state.offset());
  const hedges = state.negations % 2 === 1 && rest.startsWith('かな');
  if (closes && !hedges && state.modality === 'stated') state.modality = 'questioned';
  return state.take();
}

/** の: 丁寧の one (adnominal), 壊れたの(だ) (explaining), 届くのが (a noun of it), 高級感のある (が). */
function readNominal(state: FormState, token: Token, before: Token): Joint | undefined {
  const next = state.tokens[state.index + 1];
  const noun = before.partOfSpeech === '名詞' && before.detail !== '非自立';
  if (noun && next !== undefined && (isNegator(next) || next.lemma === 'ある')) return state.take();
  if ((noun || before.partOfSpeech === '副詞') && token.detail === '連体化') return 'adnominal';
  return explains(next) ? state.take() : 'nominal';
}

function readQuote(state: FormState, before: Token, next: Token | undefined): Joint | undefined {
  if (next === undefined) return 'quote';
  // 親切だと|いいな is a wish that the dictionary takes for 〜という.
  const rest = state.text.slice(state.offsets[state.index + 1 - state.first]);
  if (before.conjugation === '基本形' && wishAfterQuote.test(rest)) return state.condition('と');
  let at = state.index + 1;
  while (/^(?:は|も|まで|までは|とても|到底|あまり|お世辞にも)$/.test(state.tokens[at]?.surface ?? '')) at += 1;
  const following = state.tokens[at];
  if (following !== undefined && light.has(following.lemma) && following.lemma !== 'する') {
    state.index = at;
    return undefined;
  }
  return before.partOfSpeech === '名詞' ? 'argument' : 'quote';
}

/** Whether の goes on to explain: 壊れた|の|です. */
export function explains(next: Token | undefined): boolean {
  if (next === undefined || next.partOfSpeech === '助動詞' || next.partOfSpeech === '記号') return true;
  return next.surface === 'か' || next.surface === 'じゃ' || next.surface === 'かな' || next.detail === '終助詞';
}
