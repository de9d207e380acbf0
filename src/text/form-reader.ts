import { readParticle } from './form-particles.ts';
import { FormState } from './form-state.ts';
import { jointBeforeWord, readAuxiliary, readNoun, readSign, readVerb } from './form-words.ts';
import { isNegator } from './negators.ts';
import type { Joint, PredicateForm } from './predicate-form.ts';
import { anyPattern, type PatternEffect, patterns } from './predicate-patterns.ts';
import type { Token } from './tokenizer.ts';

/** Forms already read, by the tokens of their sentence: phrases, expressions and triage ask for the same ones. */
const known = new WeakMap<readonly Token[], (PredicateForm | undefined)[]>();

/** Reads negation, modality, tense and voice of the predicate that ends before token `end` (at least 1). */
export function readForm(tokens: readonly Token[], end: number): PredicateForm {
  let forms = known.get(tokens);
  if (forms === undefined) {
    forms = [];
    known.set(tokens, forms);
  }
  const form = forms[end] ?? read(new FormState(tokens, end));
  forms[end] = form;
  return form;
}

function read(state: FormState): PredicateForm {
  let joint: Joint | undefined;
  while (joint === undefined && !state.isAtEnd()) joint = step(state);
  return state.form(joint ?? 'end');
}

/** Reads the next word or pattern; the joint where the form ends. */
function step(state: FormState): Joint | undefined {
  const token = state.tokens[state.index];
  const before = state.tokens[state.index - 1];
  if (token === undefined || before === undefined) return 'end';
  const effect = readPattern(state, before);
  if (effect !== undefined) return effect.ends;
  if (isNegator(token)) return state.deny();
  // 使え|なくなる
  if (token.lemma === 'なくなる' && before.partOfSpeech !== '名詞' && before.partOfSpeech !== '助詞')
    return state.deny();
  switch (token.partOfSpeech) {
    case '助動詞':
      return readAuxiliary(state, token);
    case '助詞':
      return readParticle(state, token, before);
    case '動詞':
    case '形容詞':
      return readVerb(state, token, before);
    case '名詞':
      return readNoun(state, token, before);
    case '記号':
      return readSign(state, token);
    default:
      return jointBeforeWord(state, before);
  }
}

function readPattern(state: FormState, before: Token): PatternEffect | undefined {
  const offset = state.offset() ?? 0;
  anyPattern.lastIndex = offset;
  if (!anyPattern.test(state.text)) return undefined;
  for (const { at, effect, notAfterVerb, notAfterSuperlative } of patterns) {
    if (notAfterVerb && isVerbal(before)) continue;
    at.lastIndex = offset;
    if (!at.test(state.text)) continue;
    const words = state.offsets.indexOf(at.lastIndex);
    if (words === -1) continue;
    state.index = state.first + words;
    if (effect.denies && !(notAfterSuperlative && isSuperlative(state))) {
      state.negations += 1;
      state.wordEnd = state.index;
    }
    if (effect.contrary) state.contrary = true;
    if (effect.modality !== undefined) state.modality = effect.modality;
    if (effect.asserts) state.asserts = true;
    if (effect.emphatic) state.emphatic = true;
    if (effect.reported) state.reported = true;
    return effect;
  }
  return undefined;
}

/** 高すぎ|ませんか asks as adjectives do. */
function isVerbal({ partOfSpeech, lemma }: Token): boolean {
  return (partOfSpeech === '動詞' && !/^(?:すぎる|過ぎる)$/.test(lemma)) || partOfSpeech === '助動詞';
}

/** これほど美味しいものはない praises. */
export const superlatives = /(?:これ|ここ|あれ)(?:ほど|まで)|(?:これ|それ|ここ|あれ)以上|こんなに/;

function isSuperlative(state: FormState): boolean {
  const before = state.tokens.slice(Math.max(0, state.first - 6), state.first);
  return superlatives.test(before.map(({ surface }) => surface).join(''));
}
