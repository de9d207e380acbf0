/** What a pattern in the words after a predicate says of it. */
export interface PatternEffect {
  /** It denies what precedes it. */
  readonly denies?: true;
  readonly modality?: 'wished' | 'conditional' | 'questioned';
  /** What is the case is the opposite: 安ければいいのに, 届くはずだった. */
  readonly contrary?: true;
  /** A question that states what it asks: 高くないですか. */
  readonly asserts?: true;
  readonly emphatic?: true;
  /** Somebody else's words: 安いと聞いて. */
  readonly reported?: true;
  /** Nothing after it belongs to the predicate any more. */
  readonly ends?: 'condition' | 'contrast';
}

/** A pattern is read where a word begins and must end where a word ends. */
export interface Pattern {
  readonly at: RegExp;
  readonly effect: PatternEffect;
  /** Only after an adjective or a noun. */
  readonly notAfterVerb?: true;
  /** Not when a superlative precedes: これほど美味しいものはない. */
  readonly notAfterSuperlative?: true;
}

const negator = '(?:な[いく]|なかっ|ありませ[んぬ]|ございませ[んぬ]|あるまい|無[いく]|無かっ)';
const good =
  '(?:もっと|もう少し|さらに|更に|なお|より|本当に|とても|すごく|凄く|大変|一番|、){0,3}(?:いい|良[いかく]|よ[いかく]|嬉し|うれし|助か|有難|有り難|ありがた|幸い|(?:最高|完璧|満足|満点|便利|文句|楽)(?!に?(?:なっ|でし|だっ)))';

const pattern = (source: string, effect: PatternEffect, only?: Omit<Pattern, 'at' | 'effect'>): Pattern => ({
  at: new RegExp(source, 'y'),
  effect,
  ...only,
});

/**
 * Constructions of several words that negate, or look as if they did, and that wish, suppose, ask or report; the first
 * that fits is taken. Compare 日本語記述文法研究会『現代日本語文法』, volumes 3 (肯否) and 4 (モダリティ).
 */
export const patterns: readonly Pattern[] = [
  // Look like negation and are none.
  pattern('かも(?:しれ|知れ)(?:ない|ません|なかっ)|かも(?=$|[。!、])', {}),
  pattern('に(?:違い|ちがい|相違)(?:は|が)?(?:ない|ありません)', {}),
  pattern('に(?:ほかなら|他なら)(?:ない|ません)|と言っても過言では(?:ない|ありません)', {}),
  pattern('(?:の|ん)(?:では|じゃ)(?:ない|ありません)(?:です|でしょう)?(?:か(?:な|と|ね)?)?|じゃん', {}),
  pattern(
    '(?:では|じゃ)?(?:ない|なかった)(?:の)?か(?:が|は|と|どうか)?(?=心配|不安|気|確認|確かめ|教え|知|調べ|見て)',
    {
      denies: true,
      modality: 'questioned',
    },
  ),
  pattern('と(?:言え|いえ|言っ|いっ)(?:ば|たら)(?:嘘|うそ|ウソ)', { denies: true }),
  pattern('に(?:越|こ)したこと(?:は|が)?(?:ない|ありません)', { modality: 'wished' }),
  pattern(`た?(?:試し|ためし)(?:が|は|も)?${negator}`, { denies: true }),
  pattern(
    '(?:では|じゃ)?(?:ない|ありません|ません)(?:です|でしょう)?(?:か(?:ね)?(?![らとな])\\??|\\?)',
    {
      modality: 'questioned',
      asserts: true,
    },
    { notAfterVerb: true },
  ),
  pattern('(?:て|で)も?(?:たまら|堪ら|仕方|しかた|しょうが?|どうしようも)が?(?:ない|なかっ|なく|ありません)', {
    emphatic: true,
  }),
  pattern('(?:て|で)たまりません', { emphatic: true }),
  pattern('(?:て|で)も(?:いい|良い|よい|構わ|かまわ|結構|大丈夫|差し支え)', { modality: 'conditional' }),
  // What is needed or wished for.
  pattern(
    '(?:ない|ません)と(?:は|、)?(?:とても|本当に|すごく|かなり)?(?:困る|困り|困っ|こまる|嫌|いや|不便|辛い|つらい)',
    {
      modality: 'wished',
    },
  ),
  pattern('(?:ないと|なければ|なくては|なくちゃ|なきゃ)(?:いけ|なら|なり|だめ|ダメ|駄目)(?:ない|ません|なかっ)?', {
    modality: 'wished',
  }),
  pattern('(?:て|で)も?(?:ほしかっ|欲しかっ|もらいたかっ|貰いたかっ|いただきたかっ|頂きたかっ)', {
    modality: 'wished',
    contrary: true,
  }),
  pattern('(?:て|で)も?(?:ほし|欲し|もらいた|貰いた|いただきた|頂きた)[いく]', { modality: 'wished' }),
  pattern(
    '(?:て|で)も?(?:もらえ|貰え|いただけ|頂け|くださら|くれ)(?:ない|ません|ます|る)(?:の|ん)?(?:でしょう|です)?(?:か|もの)',
    {
      modality: 'wished',
    },
  ),
  pattern('ないで(?:よ|ね)?(?=$|[。!])', { denies: true, modality: 'wished' }),
  pattern('(?:て|で)(?:ください|下さい|ちょうだい|くれ(?=$|[。!よや]))', { modality: 'wished' }),
  pattern('(?:を|は|の)?お?(?:願い|希望|要望)(?:し(?!て(?:い|お|ま))|致し|いたし|申し|する|です|(?=$|[。!]))', {
    modality: 'wished',
  }),
  pattern('ことを(?:期待|希望|願い|願う|願っ|望み|望む|望ん|祈り|祈っ)|ように(?:願い|願う|願っ|祈り|祈っ|お願い)', {
    modality: 'wished',
  }),
  pattern('べき(?:だっ|でし)', { modality: 'wished', contrary: true }),
  pattern('べき', { modality: 'wished' }),
  // What should be and is not, and the other way round.
  pattern(`(?:はず|筈|ハズ)(?:が|は|も)?${negator}`, { denies: true }),
  pattern('(?:はず|筈|ハズ)(?:だっ|でし|な(?:のに|のですが|んですが|のだが|んだけど)|だが|ですが|だけど|ですけど|が)', {
    contrary: true,
  }),
  pattern('と(?:思っ|期待し|信じ)て(?:い|おり|い?まし)?た(?:のに|が|けど|けれど|のですが|んですが|ら)', {
    contrary: true,
  }),
  pattern('と(?:思っ|期待し|信じ)てい?まし?た(?:のに|が|けど|けれど)', { contrary: true }),
  // 高いというわけではない: what it is called is not told.
  pattern('(?:という|って|と言う|といった)(?=わけ|訳|ほど|程|こと|もの)', {}),
  // Negations of several words.
  // 良くも悪くもない denies both.
  pattern('も[^。、!?]{1,8}も(?:な[いく]|なかっ|ありませ[んぬ])', { denies: true }, { notAfterVerb: true }),
  pattern(
    `(?:ところ|とこ|点)(?:が|は)?(?:ひとつ|一つ|1つ|何一つ|何ひとつ|どこに|まったく|全く|全然|一切|特に)も?${negator}`,
    { denies: true },
  ),
  pattern(`(?:もの|こと)(?:は|も|が)${negator}`, { denies: true }, { notAfterSuperlative: true }),
  pattern(
    `(?:わけ|訳|こと|もの|もん|ほど|程|つもり|感じ|とこ|ところ)(?:では|じゃ|でも|は|も|が|で){0,2}${negator}`,
    { denies: true },
    { notAfterSuperlative: true },
  ),
  pattern('(?:という|って|と言う)?気(?:は|が|も)?(?:し|にな[られ])(?:ない|ません|なかっ)', { denies: true }),
  pattern('(?:と|に|から)?は?(?:程遠|ほど遠|ほどとお)(?:い|く|かっ)|(?:と|から)は?(?:かけ離れ)', { denies: true }),
  pattern('と(?:は|も)?(?:言い|いい|思い|呼び)(?:難|がた|にく|づら)(?:い|く|かっ)', { denies: true }),
  // Somebody else's words.
  pattern(
    '(?:と|って|との)(?:聞い|聞き|聞く|聞か|言われ(?!る?ほど|て(?:い|る)?ほど|てるほど)|書い|書か|評判|うたっ|謳っ|宣伝|紹介|触れ込み|こと(?:で|$)|いう(?:口コミ|評判|噂|うわさ|話|レビュー|声))',
    {
      reported: true,
    },
  ),
  pattern('と(?:は|も)?(?:は)?限り?ら(?:ない|ません)', { denies: true }),
  // Contrast.
  pattern(
    '(?:の)?(?:割|わり|割り)に(?:は|も)?|くせに|にも(?:かかわらず|関わらず)|とはいえ(?![なまぬ])|(?:の)?(?:一方|反面)(?:で|は|、)?',
    {
      ends: 'contrast',
    },
  ),
  // Suppositions.
  pattern('(?:の)?場合(?:は|に|には|も)?', { modality: 'conditional', ends: 'condition' }),
  pattern('か(?:どう|否)か', { modality: 'questioned' }),
];

/** Fits wherever one of the patterns does: most words are none, and one test says so. */
export const anyPattern = new RegExp(patterns.map(({ at }) => `(?:${at.source})`).join('|'), 'y');

/** What follows ば, たら, なら or と when the clause is a wish. */
export const wishAfterCondition = new RegExp(`^${good}`);
/** What follows と after a form that may be quoted as well. */
export const wishAfterQuote =
  /^(?:もっと|さらに|とても|本当に|すごく|大変|より)?(?:(?:いい|良い|よい)(?=な|です|の|ん|けど|と思|か|よ|ね|$|[。!])|嬉し[いく]|うれし[いく]|助か[りる]|有難い|有り難い|ありがたい|幸い)/;
/** What follows when the wish is not granted: 安ければいいのに, 軽ければよかった. */
export const contraryAfterCondition = new RegExp(
  `^${good}[^。!?]{0,8}(?:のに|んだけど|んですけど|だけど|けどな)|^(?:もっと|さらに)?(?:よか|良か)っ`,
);
/** A supposition without its main clause: もう少し安ければ…, 静かだったらなあ. */
export const unfinishedCondition = /^(?:な[あぁー]{0,3}|ね|[…、.・]){0,4}(?:[。!]|$)/;
/** A main clause that tells what would be: 安ければ買うのに. */
export const counterfactual =
  /^[^。!?]{1,30}(?:のに|んだけど|んですけど|んですが|のですが)(?:な[あぁ]?|ね)?(?:[。!…]|$)/;
