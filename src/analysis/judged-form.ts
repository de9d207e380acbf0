import { type Bunsetsu, isAdverbial } from '../text/bunsetsu.ts';
import { superlatives } from '../text/form-reader.ts';
import type { PredicateForm } from '../text/predicate-form.ts';
import type { Token } from '../text/tokenizer.ts';
import type { Expression } from './expression.ts';
import type { ReadSentence } from './expressions.ts';

/** An adverb is denied, wished and asked with its verb: 丁寧に対応してほしい. */
export function formOf({ structure, expressions }: ReadSentence, { phrase, form }: Expression): PredicateForm {
  const { phrases, heads, tokens } = structure;
  const head = phrases[heads[phrase] ?? -1];
  const own = phrases[phrase];
  if (form.joint === 'adverbial' || (own !== undefined && isAdverbial(own, form))) {
    if (head?.form === undefined) return form;
    const both = merged(form, head.form);
    // 早く直して。 asks for it.
    const asks =
      both.modality === 'stated' && head.kind === 'verb' && head === phrases.at(-1) && endsInTe(head, tokens);
    return asks ? { ...both, modality: 'wished' } : both;
  }
  if (form.joint !== 'adnominal' && form.joint !== 'argument' && form.joint !== 'nominal') return form;
  // 安いプランはありますか, 見やすい画面にしてほしい: the noun's verb wishes or asks.
  const governor = form.joint === 'adnominal' ? phrases[heads[heads[phrase] ?? -1] ?? -1] : head;
  const direct = form.joint === 'adnominal' ? head?.form : undefined;
  const denial = form.joint === 'adnominal' ? denialOf(head, governor, tokens) : undefined;
  const isJudged = expressions.some(({ phrase: other }) => phrases[other] === head);
  if (denial !== undefined && !isJudged) {
    return {
      ...form,
      negated: form.negated !== denial.negated,
      holds: form.holds === denial.holds,
      tense: denial.tense,
    };
  }
  if (/^(?:ほしい|欲しい)$/.test(tokens[governor?.first ?? 0]?.lemma ?? '') && governor?.form?.tense === 'present') {
    return { ...form, modality: 'wished' };
  }
  for (const each of [direct, governor?.form]) {
    if (each === undefined || each.modality === 'stated' || each.modality === 'conditional') continue;
    const verb = governor === undefined ? undefined : tokens[governor.contentEnd - 1];
    const judged = expressions.some(({ phrase: other }) => phrases[other] === governor);
    if (each === direct || (verb !== undefined && carries.test(verb.lemma) && !judged)) {
      const holds = each.contrary ? !form.holds : form.holds;
      return { ...form, modality: each.modality, contrary: each.contrary, holds };
    }
  }
  return form;
}

/** ない, 見当たらない. */
function isAbsence({ lemma, partOfSpeech }: Token, negated: boolean): boolean {
  if (/^(?:見当たる|見あたる|見つかる)$/.test(lemma)) return negated;
  return /^(?:ない|無い)$/.test(lemma) && partOfSpeech === '形容詞' && !negated;
}

/** Whether a sentence ends in a verb's て: 直して。, 直してよ！ */
function endsInTe({ contentEnd, end }: Bunsetsu, tokens: readonly Token[]): boolean {
  const words = tokens
    .slice(contentEnd, end)
    .filter(({ partOfSpeech, detail }) => partOfSpeech !== '記号' && detail !== '終助詞');
  return /^[てで]$/.test(words.at(-1)?.surface ?? '') && words.length <= 2;
}

/** What denies a noun denies how it is described: 悪いゲームじゃない, 親切な先生とは言えない. */
function denialOf(
  noun: Bunsetsu | undefined,
  governor: Bunsetsu | undefined,
  tokens: readonly Token[],
): PredicateForm | undefined {
  if (noun?.kind !== 'noun') return undefined;
  if (noun.form !== undefined) return noun.form.negated ? noun.form : undefined;
  // 無理な勧誘もなく: there was none.
  const missing = governor === undefined ? undefined : tokens[governor.first];
  const before = tokens.slice(Math.max(0, noun.first - 6), noun.first).map(({ surface }) => surface);
  // これほど快適な宿はない praises.
  if (superlatives.test(before.join(''))) return undefined;
  const isSubject = noun.role === 'subject' || noun.role === 'also' || noun.role === 'topic';
  if (isSubject && missing !== undefined && governor?.form !== undefined && isAbsence(missing, governor.form.negated))
    return { ...governor.form, negated: true, holds: false };
  const said = /^と/.test(tokens[noun.contentEnd]?.surface ?? '') && governor?.form?.negated === true;
  const verb = governor === undefined ? undefined : tokens[governor.first];
  return said && /^(?:言える|いえる|言う|いう|思える|思う|呼べる)$/.test(verb?.lemma ?? '') ? governor.form : undefined;
}

const carries =
  /^(?:する|なる|ある|いる|おる|ござる|出す|出る|作る|ほしい|欲しい|お願い|変更|変える|増やす|用意|提供|教える|探す|置く|入れる|希望|望む|できる)$/;

function merged(form: PredicateForm, head: PredicateForm): PredicateForm {
  const negated = form.negated !== head.negated;
  return {
    ...form,
    negated,
    holds: form.holds === head.holds,
    contrary: form.contrary || head.contrary,
    tense: head.tense,
    modality: form.modality === 'stated' ? head.modality : form.modality,
    asserts: form.asserts || head.asserts,
    reported: form.reported || head.reported,
  };
}
