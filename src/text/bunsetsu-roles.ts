import type { Role } from './bunsetsu.ts';
import type { PredicateForm } from './predicate-form.ts';
import type { Token } from './tokenizer.ts';

/** The role of a predicate whose phrase ends before token `end`. */
export function predicateRole(tokens: readonly Token[], form: PredicateForm, end: number): Role {
  if (form.joint === 'adverbial') return 'adverb';
  if (form.joint === 'adnominal') return 'adnominal';
  if (form.joint !== 'nominal' && form.joint !== 'argument') return 'clause';
  const role = particleRole(tokens, form.end, end);
  return role === 'bare' ? 'clause' : role;
}

/** The role of a noun whose words are `[first, contentEnd)` and whose phrase ends before `end`. */
export function nounRole(
  tokens: readonly Token[],
  first: number,
  contentEnd: number,
  end: number,
  adjectival: boolean,
): Role {
  const role = particleRole(tokens, contentEnd, end);
  const last = tokens[contentEnd - 1];
  const time = last?.detail === '副詞可能' && last.lemma !== '全体' && contentEnd - first === 1;
  if (time && role !== 'subject' && role !== 'object' && role !== 'possessive') return 'adverb';
  if (adjectival && role === 'dative') return 'adverb';
  // 大変満足 and 正直不便: without a particle it is no argument.
  if (last?.detail === '形容動詞語幹' && role === 'bare') return 'adverb';
  return role;
}

const roles: Readonly<Record<string, Role>> = {
  が: 'subject',
  は: 'topic',
  って: 'topic',
  も: 'also',
  さえ: 'also',
  すら: 'also',
  を: 'object',
  に: 'dative',
  へ: 'dative',
  の: 'possessive',
  と: 'coordinate',
  や: 'coordinate',
  とか: 'coordinate',
  で: 'oblique',
  から: 'oblique',
  より: 'oblique',
  まで: 'oblique',
  ほど: 'oblique',
  でも: 'oblique',
  しか: 'oblique',
};

/** Role by the particles among the tokens `[from, to)`; a case particle goes before は and も. */
function particleRole(tokens: readonly Token[], from: number, to: number): Role {
  let role: Role = 'bare';
  for (let index = from; index < to; index += 1) {
    const token = tokens[index];
    if (token === undefined || token.partOfSpeech === '記号') break;
    if (token.surface.startsWith('として')) return 'topic';
    const next = roles[token.surface] ?? (token.detail === '格助詞' ? 'oblique' : undefined);
    if (next === undefined) {
      // 写真|の|方|が: the last particle tells. 値段|の|割|に: it does not.
      if (token.detail === '非自立')
        role = /^(?:方|ほう|点|ところ|の|こと|もの)$/.test(token.surface) ? 'bare' : 'oblique';
      continue;
    }
    if (role === 'bare' || role === 'possessive') role = next;
  }
  return role;
}
