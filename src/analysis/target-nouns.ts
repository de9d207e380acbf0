import type { Bunsetsu } from '../text/bunsetsu.ts';
import type { SentenceStructure } from './sentence-structure.ts';

/** A noun that is judged: its tokens `[first, end)` and its dictionary form. */
export interface Target {
  readonly first: number;
  readonly end: number;
  readonly lemma: string;
  /** The adjective of a noun in さ that the target is judged for: 高い of 値段の高さに驚いた. */
  readonly aspect?: string;
}

/** Nouns that only stand for what is said of them, times, and people who judge rather than are judged. */
const noTarget =
  /^(?:の|ん|分|こと|もの|ところ|とこ|点|方|ほう|感じ|印象|気|気分|気持ち|思い|人|者|方々|時|とき|際|頃|ころ|場合|日|今|今回|前回|次回|最近|以前|昔|最初|最後|途中|前|後|上|中|内|うち|他|ほか|以外|一番|全部|全て|すべて|全体的|個人的|基本的|正直|理由|原因|ため|為|わけ|訳|割|代わり|まま|通り|とおり|おかげ|つもり|予定|必要|次第|程度|くらい|ぐらい|以上|以下|何|何か|なに|どれ|どちら|みんな|皆|皆さん|皆様|誰|私|僕|俺|自分|わたし|わたくし|うち|うちの子|家族|夫|妻|嫁|旦那|主人|母|父|両親|子供|子ども|娘|息子|孫|祖母|祖父|姉|兄|妹|弟|友人|友達|知人|同僚|彼|彼女|これ|それ|あれ|ここ|そこ|あそこ|こちら|そちら|あちら|こっち|そっち|どこ|いつ|様|とても|毎日|毎回|毎月|毎年|一度|二度|一つ|二つ|ひとつ|ふたつ|一回|二回|個|回|年|月|週|時間帯|当日|翌日|昨日|今日|明日|朝|昼|夜|夕方|休日|平日|週末|お客様|お客さん|客|当方|こと自体|自体|反面|一方|目|側|度|面|限り|あたり|辺り|関係|意味|余地|状態|状況|別|普通|本当|実際|初めて|はじめて|久しぶり|次|あと|残り|特別|人間)$/;

/** All of what の names: スタッフの皆さん. */
const everybody =
  /^(?:皆さん|皆様|みなさん|みなさま|皆|みんな|全員|人|者|方|方々|全て|すべて|全部|全体|大半|一部|一人|ほう|人たち|人達)$/;

/** The nouns of a sentence that may be targets. */
export class TargetNouns {
  readonly #structure: SentenceStructure;
  readonly #judges: (phrase: number) => boolean;

  /** @param judges whether a phrase is an expression itself */
  constructor(structure: SentenceStructure, judges: (phrase: number) => boolean) {
    this.#structure = structure;
    this.#judges = judges;
  }

  /** The noun a phrase names, or what its clause does: 届くのが. Undefined for what is no target. */
  nounAt(index: number): Target | undefined {
    const { phrases, tokens } = this.#structure;
    const phrase = phrases[index];
    if (phrase === undefined) return undefined;
    if (phrase.kind === 'verb' || phrase.kind === 'adjective') {
      const nominal = phrase.form?.joint === 'nominal' && !this.#judges(index);
      return nominal && phrase.kind === 'verb' ? this.target(phrase) : undefined;
    }
    // 無料なのが嬉しい: the noun is what is said of something.
    if (phrase.kind !== 'noun' || (phrase.form?.joint === 'nominal' && this.#judges(index))) return undefined;
    const last = tokens[phrase.contentEnd - 1];
    const first = tokens[phrase.first];
    if (last === undefined || last.detail === '代名詞' || last.detail === '数') return undefined;
    if (first?.detail === '数' && last.detail === '接尾') return undefined;
    if (first?.partOfSpeech === '形容詞') return this.#ofQuality(index, first.lemma) ?? this.target(phrase);
    const target = this.target(phrase);
    if (everybody.test(target.lemma)) return this.#owner(index);
    const time =
      last.detail === '副詞可能' && phrase.contentEnd - phrase.first === 1 && !/^(?:全体|結果)$/.test(last.lemma);
    const moment = last.detail === '接尾' && /^(?:後|前|中|時|間|頃|以降|以来|当時|ごと|毎|目)$/.test(last.surface);
    return noTarget.test(target.lemma) || time || moment ? undefined : target;
  }

  /** 対応の速さ is the 対応. */
  #ofQuality(index: number, aspect: string): Target | undefined {
    const target = this.#owner(index);
    return target === undefined ? undefined : { ...target, aspect };
  }

  /** Whose the noun is: スタッフの皆さん. */
  #owner(index: number): Target | undefined {
    const { phrases, dependents } = this.#structure;
    const owner = dependents[index]?.findLast((each) => phrases[each]?.role === 'possessive');
    return owner === undefined ? undefined : this.nounAt(owner);
  }

  /** A phrase as a target, without the honorific before it. */
  target({ first, contentEnd, kind }: Bunsetsu): Target {
    const { tokens } = this.#structure;
    let start = first;
    while (
      start < contentEnd - 1 &&
      tokens[start]?.partOfSpeech === '接頭詞' &&
      /^[おご御]$/.test(tokens[start]?.surface ?? '')
    ) {
      start += 1;
    }
    const words = tokens.slice(start, contentEnd);
    const last = words.at(-1);
    const lemma = words.slice(0, -1).reduce((text, { surface }) => text + surface, '');
    // 減り is the noun and not the verb it was made of, but 届くのが is the verb.
    return { first: start, end: contentEnd, lemma: lemma + ((kind === 'noun' ? last?.surface : last?.lemma) ?? '') };
  }
}
