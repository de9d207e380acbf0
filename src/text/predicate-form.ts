import {
  anyPattern,
  contraryAfterCondition,
  counterfactual,
  type PatternEffect,
  patterns,
  unfinishedCondition,
  wishAfterCondition,
  wishAfterQuote,
} from './predicate-patterns.ts';
import type { Token } from './tokenizer.ts';

/** Whether a predicate is stated, wished for, supposed or asked. */
export type Modality = 'stated' | 'wished' | 'conditional' | 'questioned';

/** How a predicate is joined to what follows. */
export type Joint =
  /** It ends the sentence. */
  | 'end'
  /** It modifies the noun after it: 使いにくい画面. */
  | 'adnominal'
  /** It modifies the verb after it: 丁寧に教える. */
  | 'adverbial'
  /** It is a noun with a particle: 不満が, 味は. */
  | 'argument'
  /** It is a clause made a noun: 届くのが. */
  | 'nominal'
  /** て, で, し, 連用中止, ので, から. */
  | 'continues'
  /** が, けど, のに, 割に. */
  | 'contrast'
  /** ば, たら, なら, と, ても. */
  | 'condition'
  | 'quote';

/** The form of a predicate, read off the words after it. */
export interface PredicateForm {
  /** Whether the words deny it: an odd number of negations. */
  readonly negated: boolean;
  /** Whether it is the case as far as the words tell: not if negated, nor in 安ければいいのに and 届くはずだった. */
  readonly holds: boolean;
  readonly tense: 'past' | 'present';
  readonly modality: Modality;
  /** A question or supposition that states something all the same: 高くないですか. */
  readonly asserts: boolean;
  /** 〜すぎる. */
  readonly excessive: boolean;
  /** 〜てたまらない. */
  readonly emphatic: boolean;
  /** 〜てくれる, 〜ていただく: done for the customer. */
  readonly favour: boolean;
  readonly passive: boolean;
  readonly causative: boolean;
  /** Whether it is not what is said but what would be so: 安ければいいのに, 届くはずだった. */
  readonly contrary: boolean;
  /** Somebody else's words, or only a measure of something else: 驚くほど. */
  readonly reported: boolean;
  readonly joint: Joint;
  /** Token after the last one that inflects or denies it: after 持た|ない, 早く|は|ない, 美味しかっ|た. */
  readonly wordEnd: number;
  /** Token after everything that was read. */
  readonly end: number;
}

/** A form holds fewer words than this. */
const longestForm = 24;

/** Forms already read, by the tokens of their sentence: phrases, expressions and triage ask for the same ones. */
const known = new WeakMap<readonly Token[], (PredicateForm | undefined)[]>();

/** Reads negation, modality, tense and voice of the predicate that ends before token `end` (at least 1). */
export function readForm(tokens: readonly Token[], end: number): PredicateForm {
  let forms = known.get(tokens);
  if (forms === undefined) {
    forms = [];
    known.set(tokens, forms);
  }
  const form = forms[end] ?? new FormReader(tokens, end).read();
  forms[end] = form;
  return form;
}

const negators = new Set(['ない', 'ぬ', 'ん', 'まい', '無い', 'なし', 'ず', '無し']);

/** Whether the token denies what it follows: 美味しく|ない, いか|ん, 使え|ず; ん is a noun in の|ん|だ. */
export function isNegator(token: Token): boolean {
  if (!negators.has(token.lemma)) return false;
  if (token.lemma === 'ん' || token.lemma === 'ず') return token.partOfSpeech === '助動詞';
  return token.lemma !== 'ぬ' || token.partOfSpeech === '助動詞';
}

/**
 * Whether the token negates a verb as a statement of fact: 届か|ない, 出|ませ|ん. Not in かもしれない, しなければ, せずに and
 * the like, nor in すみません.
 */
export function isBareNegation(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  const next = tokens[index + 1];
  if (token === undefined || before === undefined) return false;
  if (token.partOfSpeech !== '助動詞' || !(token.lemma === 'ない' || token.lemma === 'ん' || token.lemma === 'ぬ')) {
    return false;
  }
  if (token.surface === 'ず' || token.conjugation === '仮定形') return false;
  const verb = before.lemma === 'ます' ? tokens[index - 2] : before;
  if (verb === undefined || polite.has(verb.lemma)) return false;
  if (verb.partOfSpeech !== '動詞') return false;
  return next === undefined || !softening.has(next.surface);
}

const polite = new Set(['すむ', '済む', 'しれる', '知れる', 'すいる', 'いける', 'なる', '構う', 'かまう']);
const softening = new Set([
  'でしょ',
  'ば',
  'と',
  'で',
  'ほど',
  'くらい',
  'ぐらい',
  'よう',
  'うち',
  'か',
  '?',
  '人',
  '方',
  '時',
  'とき',
  '場合',
  '程度',
]);

const favours = new Set(
  'くれる くださる 下さる もらう 貰う もらえる 貰える いただく 頂く いただける 頂ける'.split(' '),
);
/** Verbs that only carry form after another word: 満足して|いる, 静かに|なる, 良いと|思う. */
const light = new Set(
  'する いたす 致す なさる いる おる ある ござる なる できる 出来る くれる くださる 下さる もらう 貰う もらえる 貰える いただく 頂く いただける 頂ける しまう ちゃう じゃう てる とる ておる くる 来る いく 行く みる おく 続ける 始める れる られる せる させる さす すぎる 過ぎる 思う おもう 感じる 感じられる 思える 思われる 言う いう 言える いえる 言い切れる 言いきれる 断言 呼べる 認める 見える 限る がる ほしい'.split(
    ' ',
  ),
);
/** Light verbs that follow a noun through は or が only where they deny or affirm it: 不満はない, 返品ができない. */
const existence = new Set(['ある', 'ござる', 'する', 'できる', '出来る', 'いたす']);
const contrasts = new Set(['が', 'けど', 'けれど', 'けれども', 'けども', 'のに', 'ものの', 'つつも', 'ながらも']);
/** これほど美味しいものはない praises. */
export const superlatives = /(?:これ|ここ|あれ)(?:ほど|まで)|(?:これ|それ|ここ|あれ)以上|こんなに/;

class FormReader {
  readonly #tokens: readonly Token[];
  readonly #first: number;
  /** The words read, joined. */
  readonly #text: string;
  /** Where each of them begins in `#text`, and its length at the end. */
  readonly #offsets: number[] = [];
  #index: number;
  #wordEnd: number;
  #negations = 0;
  #contrary = false;
  #tense: 'past' | 'present' = 'present';
  #modality: Modality = 'stated';
  #asserts = false;
  #excessive = false;
  #emphatic = false;
  #favour = false;
  #passive = false;
  #causative = false;
  #reported = false;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#first = end;
    this.#index = end;
    this.#wordEnd = end;
    let text = '';
    for (let index = end; index < Math.min(tokens.length, end + longestForm); index += 1) {
      const token = tokens[index];
      if (token === undefined) break;
      this.#offsets.push(text.length);
      text += token.surface;
    }
    this.#offsets.push(text.length);
    this.#text = text;
  }

  read(): PredicateForm {
    let joint: Joint | undefined;
    while (joint === undefined && this.#index < this.#first + this.#offsets.length - 1) {
      joint = this.#step();
    }
    const negated = this.#negations % 2 === 1;
    return {
      // Denied and wished to be so, it is the case: 高くなければいいのに.
      negated: negated && !this.#contrary,
      holds: negated === this.#contrary,
      tense: this.#tense,
      modality: this.#modality,
      asserts: this.#asserts,
      excessive: this.#excessive,
      emphatic: this.#emphatic,
      favour: this.#favour,
      passive: this.#passive,
      causative: this.#causative,
      contrary: this.#contrary,
      reported: this.#reported,
      joint: joint ?? 'end',
      wordEnd: this.#wordEnd,
      end: this.#index,
    };
  }

  /** Reads the next word or pattern; the joint where the form ends. */
  #step(): Joint | undefined {
    const token = this.#tokens[this.#index];
    const before = this.#tokens[this.#index - 1];
    if (token === undefined || before === undefined) return 'end';
    const effect = this.#pattern(before);
    if (effect !== undefined) return effect.ends;
    if (isNegator(token) && this.#mayDeny(before)) return this.#deny();
    // 使え|なくなる
    if (token.lemma === 'なくなる' && before.partOfSpeech !== '名詞' && before.partOfSpeech !== '助詞')
      return this.#deny();
    switch (token.partOfSpeech) {
      case '助動詞':
        return this.#auxiliary(token);
      case '助詞':
        return this.#particle(token, before);
      case '動詞':
      case '形容詞':
        return this.#verb(token, before);
      case '名詞':
        return this.#noun(token, before);
      case '記号':
        return this.#sign(token);
      default:
        return this.#beforeWord(before);
    }
  }

  #pattern(before: Token): PatternEffect | undefined {
    const offset = this.#offsets[this.#index - this.#first] ?? 0;
    anyPattern.lastIndex = offset;
    if (!anyPattern.test(this.#text)) return undefined;
    for (const { at, effect, notAfterVerb, notAfterSuperlative } of patterns) {
      if (notAfterVerb && (before.partOfSpeech === '動詞' || before.partOfSpeech === '助動詞')) continue;
      at.lastIndex = offset;
      if (!at.test(this.#text)) continue;
      const words = this.#offsets.indexOf(at.lastIndex);
      if (words === -1) continue;
      this.#index = this.#first + words;
      if (effect.denies && !(notAfterSuperlative && this.#isSuperlative())) {
        this.#negations += 1;
        this.#wordEnd = this.#index;
      }
      if (effect.contrary) this.#contrary = true;
      if (effect.modality !== undefined) this.#modality = effect.modality;
      if (effect.asserts) this.#asserts = true;
      if (effect.emphatic) this.#emphatic = true;
      if (effect.reported) this.#reported = true;
      return effect;
    }
    return undefined;
  }

  #isSuperlative(): boolean {
    const before = this.#tokens.slice(Math.max(0, this.#first - 6), this.#first);
    return superlatives.test(before.map(({ surface }) => surface).join(''));
  }

  #mayDeny(before: Token): boolean {
    if (this.#index > this.#first) return true;
    // 静かない is no word: what follows a bare noun is another one, unless it is ない itself.
    return before.partOfSpeech !== '名詞' || before.detail !== '形容動詞語幹' || this.#index === this.#first;
  }

  #deny(): undefined {
    this.#negations += 1;
    this.#index += 1;
    this.#wordEnd = this.#index;
    return undefined;
  }

  #take(): undefined {
    this.#index += 1;
    return undefined;
  }

  #takeWord(): undefined {
    this.#index += 1;
    this.#wordEnd = this.#index;
    return undefined;
  }

  #auxiliary(token: Token): Joint | undefined {
    if (token.lemma === 'た' || (token.lemma === 'だ' && token.inflection === '特殊・タ')) {
      if (token.conjugation === '仮定形') return this.#condition('たら');
      this.#tense = 'past';
      return this.#takeWord();
    }
    if (token.surface === 'なら') return this.#condition('なら');
    if (token.lemma === 'たい') {
      const denied = this.#tokens[this.#index + 1];
      if (denied === undefined || !isNegator(denied)) {
        this.#modality = 'wished';
        if (token.conjugation === '連用タ接続') this.#contrary = true;
      }
      return this.#takeWord();
    }
    if (token.surface === 'な' && token.conjugation === '体言接続') return this.#attribute();
    if (token.surface === 'で' && token.lemma === 'だ') return this.#te(token);
    return this.#take();
  }

  /** The な of 便利な, before a noun or a nominaliser. */
  #attribute(): Joint | undefined {
    this.#index += 1;
    const next = this.#tokens[this.#index];
    if (next === undefined) return 'end';
    return next.detail === '非自立' || next.partOfSpeech === '助詞' ? undefined : 'adnominal';
  }

  /** て and で: more of the form, or the end of the clause. */
  #te(token: Token): Joint | undefined {
    this.#index += 1;
    const next = this.#tokens[this.#index];
    if (next === undefined || next.partOfSpeech === '記号') return 'continues';
    if (next.surface === 'も' || next.surface === 'は') {
      const after = this.#tokens[this.#index + 1];
      const carries = after !== undefined && (isNegator(after) || after.lemma === 'ある' || after.lemma === 'いる');
      if (carries) return this.#take();
      return next.surface === 'は' || token.lemma === 'だ' ? 'continues' : this.#concession();
    }
    if (isNegator(next) || (next.lemma === 'ある' && next.partOfSpeech !== '連体詞')) return undefined;
    // 冷たくて|行きたくない: an adjective takes no verb of course or trial.
    const adjective = this.#tokens[this.#index - 2]?.partOfSpeech === '形容詞' && next.partOfSpeech === '動詞';
    return light.has(next.lemma) && next.detail === '非自立' && !adjective ? undefined : 'continues';
  }

  #concession(): Joint {
    this.#index += 1;
    this.#suppose();
    return 'condition';
  }

  #suppose(): void {
    if (this.#modality === 'stated') this.#modality = 'conditional';
  }

  /** After ば, たら, なら and と: a wish, a wish not granted, or a supposition. */
  #condition(kind: 'ば' | 'たら' | 'なら' | 'と'): Joint {
    this.#index += 1;
    const rest = this.#text.slice(this.#offsets[this.#index - this.#first] ?? this.#text.length);
    if (kind !== 'と' && kind !== 'なら' && unfinishedCondition.test(rest)) this.#wish(true);
    else if (wishAfterCondition.test(rest)) this.#wish(contraryAfterCondition.test(rest));
    else if (kind !== 'と' && counterfactual.test(rest)) this.#wish(true);
    else this.#suppose();
    return 'condition';
  }

  #wish(contrary: boolean): void {
    this.#modality = 'wished';
    if (contrary) this.#contrary = true;
  }

  #particle(token: Token, before: Token): Joint | undefined {
    const { surface, detail } = token;
    const next = this.#tokens[this.#index + 1];
    if (surface === 'ば') return this.#condition('ば');
    if (surface === 'なら' || surface === 'ならば') return this.#condition('なら');
    if (surface === 'て' || surface === 'で' || surface === 'ちゃ') return this.#te(token);
    if (surface === 'ても' || surface === 'でも' || surface === 'とも') {
      if (next !== undefined && (isNegator(next) || next.lemma === 'ある')) return this.#take();
      return before.partOfSpeech === '名詞' ? this.#argument() : this.#concession();
    }
    if (contrasts.has(surface) && (detail !== '格助詞' || surface !== 'が')) return this.#contrast();
    if (surface === 'か' || surface === 'かな' || surface === 'かしら' || surface === 'かい')
      return this.#question(next);
    if (surface === 'の') return this.#nominal(token, before);
    if (surface === 'と' && detail === '接続助詞') return this.#condition('と');
    if (surface === 'と' || surface === 'って' || surface === 'とは') return this.#quote(before, next);
    if (surface === 'し' || surface === 'から' || surface === 'ので' || surface === 'ながら' || surface === 'つつ') {
      if (before.partOfSpeech === '名詞' && surface === 'から') return this.#argument();
      return this.#continue();
    }
    if (surface === 'に') return this.#ni(before, next);
    if (surface === 'ほど' || surface === 'くらい' || surface === 'ぐらい') return this.#compare();
    if (detail === '終助詞' || detail === '副助詞' || surface === 'じゃ') return this.#take();
    if (surface === 'は' || surface === 'も' || surface === 'が') return this.#topic(token, before, next);
    if (surface === 'を') {
      const verb = next?.partOfSpeech === '動詞' && (existence.has(next.lemma) || next.lemma === '感じる');
      return verb ? this.#take() : this.#argument();
    }
    return this.#argument();
  }

  #contrast(): Joint {
    this.#index += 1;
    return 'contrast';
  }

  #continue(): Joint {
    this.#index += 1;
    return 'continues';
  }

  #argument(): Joint {
    return 'argument';
  }

  /** は, も and が: 早く|は|ない, 不満|は|ない, 問題|が|ある; otherwise the word is an argument. */
  #topic(token: Token, before: Token, next: Token | undefined): Joint | undefined {
    if (next?.lemma === '感じる' && token.surface !== 'が') return this.#take();
    const inflected = before.partOfSpeech !== '名詞' || before.detail === '非自立';
    const carries =
      next !== undefined &&
      (isNegator(next) || (existence.has(next.lemma) && next.partOfSpeech === '動詞')) &&
      !(inflected && next.lemma === 'できる');
    return carries ? this.#take() : 'argument';
  }

  #ni(before: Token, next: Token | undefined): Joint | undefined {
    const following = next?.surface === 'は' || next?.surface === 'も' ? this.#tokens[this.#index + 2] : next;
    const carries =
      following !== undefined &&
      (light.has(following.lemma) || isNegator(following)) &&
      !(before.partOfSpeech === '名詞' && ['いる', 'ある', '行く', '来る', 'もらう'].includes(following.lemma));
    if (carries) {
      this.#index += following === next ? 1 : 2;
      return undefined;
    }
    return before.partOfSpeech === '名詞' ? 'adverbial' : 'argument';
  }

  #question(next: Token | undefined): Joint | undefined {
    const closes =
      next === undefined ||
      next.partOfSpeech === '記号' ||
      next.partOfSpeech === '助詞' ||
      /^(?:どう|否|分かる|わかる|知る|聞く|教える|不明|確認|気)/.test(next.lemma);
    // 良くはないかな doubts nothing.
    const rest = this.#text.slice(this.#offsets[this.#index - this.#first]);
    const hedges = this.#negations % 2 === 1 && rest.startsWith('かな');
    if (closes && !hedges && this.#modality === 'stated') this.#modality = 'questioned';
    return this.#take();
  }

  /** の: 丁寧の one (adnominal), 壊れたの(だ) (explaining), 届くのが (a noun of it), 高級感のある (が). */
  #nominal(token: Token, before: Token): Joint | undefined {
    const next = this.#tokens[this.#index + 1];
    const noun = before.partOfSpeech === '名詞' && before.detail !== '非自立';
    if (noun && next !== undefined && (isNegator(next) || next.lemma === 'ある')) return this.#take();
    if ((noun || before.partOfSpeech === '副詞') && token.detail === '連体化') return 'adnominal';
    return this.#explains(next) ? this.#take() : 'nominal';
  }

  #explains(next: Token | undefined): boolean {
    if (next === undefined || next.partOfSpeech === '助動詞' || next.partOfSpeech === '記号') return true;
    return next.surface === 'か' || next.surface === 'じゃ' || next.surface === 'かな' || next.detail === '終助詞';
  }

  #quote(before: Token, next: Token | undefined): Joint | undefined {
    if (next === undefined) return 'quote';
    // 親切だと|いいな is a wish that the dictionary takes for 〜という.
    const rest = this.#text.slice(this.#offsets[this.#index + 1 - this.#first]);
    if (before.conjugation === '基本形' && wishAfterQuote.test(rest)) return this.#condition('と');
    let at = this.#index + 1;
    while (/^(?:は|も|まで|までは|とても|到底|あまり|お世辞にも)$/.test(this.#tokens[at]?.surface ?? '')) at += 1;
    const following = this.#tokens[at];
    if (following !== undefined && light.has(following.lemma) && following.lemma !== 'する') {
      this.#index = at;
      return undefined;
    }
    return before.partOfSpeech === '名詞' ? 'argument' : 'quote';
  }

  #verb(token: Token, before: Token): Joint | undefined {
    const { lemma } = token;
    if (!light.has(lemma) || !this.#connects(token, before)) return this.#beforeWord(before);
    if (favours.has(lemma) && before.detail === '接続助詞') this.#favour = true;
    if (lemma === 'れる' || lemma === 'られる') this.#passive = true;
    const made = lemma === 'する' && (before.conjugation === '連用テ接続' || before.surface === 'に');
    if (lemma === 'せる' || lemma === 'させる' || made) this.#causative = true;
    if (lemma === 'すぎる' || lemma === '過ぎる') this.#excessive = true;
    if (token.conjugation === '仮定形') {
      this.#index += 1;
      return undefined;
    }
    return ['れる', 'られる', 'せる', 'させる', 'すぎる', '過ぎる', 'する', 'できる'].includes(lemma)
      ? this.#takeWord()
      : this.#take();
  }

  /** Whether the light verb belongs to the form: not the する of 美味しい|する nor the ある of a new clause. */
  #connects(token: Token, before: Token): boolean {
    if (token.detail === '非自立' || token.detail === '接尾') return true;
    if (before.partOfSpeech === '助詞') return /^(?:に|と|とは|は|も|が|を|って|の|まで)$/.test(before.surface);
    if (before.partOfSpeech === '名詞') return /^(?:する|いたす|致す|なさる|できる|出来る|ある)$/.test(token.lemma);
    if (before.partOfSpeech === '副詞') return token.lemma === 'する';
    if (before.partOfSpeech === '助動詞')
      return before.surface === 'で' || before.surface === 'なく' || before.surface === 'ず';
    return before.conjugation?.startsWith('連用') === true || before.conjugation === 'ガル接続';
  }

  #noun(token: Token, before: Token): Joint | undefined {
    if (token.detail === '接尾') {
      if (/^(?:すぎ|過ぎ)$/.test(token.surface)) {
        this.#excessive = true;
        return this.#takeWord();
      }
      return this.#take();
    }
    if (token.detail !== '非自立') {
      return before.partOfSpeech === '名詞' && before.detail !== '非自立' ? 'end' : this.#beforeWord(before);
    }
    const next = this.#tokens[this.#index + 1];
    if (token.surface === 'の' || token.surface === 'ん') return this.#explains(next) ? this.#take() : 'nominal';
    if (/^(?:よう|様|みたい|感じ|はず|筈|ハズ|わけ|訳)$/.test(token.surface)) return this.#take();
    if (/^(?:ため|為)$/.test(token.surface)) return this.#continue();
    if (/^(?:ほど|程|くらい|ぐらい)$/.test(token.surface)) return this.#compare();
    if (/^(?:とき|時)$/.test(token.surface)) return 'adnominal';
    return /^(?:こと|もの|ところ|とこ|点|もん|の)$/.test(token.surface) ? 'nominal' : 'adnominal';
  }

  /** 驚くほど早い and 期待したほど良くない are no statements of their own. */
  #compare(): Joint {
    this.#reported = true;
    this.#index += 1;
    return 'adnominal';
  }

  #sign(token: Token): Joint {
    if (token.surface === '?') {
      const before = this.#tokens[this.#index - 1]?.surface ?? '';
      if (!/^(?:ね|よね|でしょ|う)$/.test(before) && this.#modality === 'stated') this.#modality = 'questioned';
      this.#index += 1;
      return 'end';
    }
    const before = this.#tokens[this.#index - 1];
    return before?.conjugation?.startsWith('連用') === true ? 'continues' : 'end';
  }

  /** How the form ends before a word that is no part of it. */
  #beforeWord(before: Token): Joint {
    const next = this.#tokens[this.#index];
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
}
