import type { IntentId } from '../domain/labels.ts';
import type { Span } from '../domain/span.ts';

/** An intent with its range in the given sentence. */
export interface FoundIntent {
  readonly id: IntentId;
  readonly confidence: number;
  readonly span: Span;
}

/** What the form of a sentence asks for. */
type AskedIntent = 'request' | 'question' | 'suggestion';

const gap = '[^。!?\\n]';
const rules: Readonly<Record<AskedIntent, RegExp>> = {
  suggestion: new RegExp(
    '(?:たら|ては|れば|とか)(?:、)?(?:どう|いかが|如何)(?!す|な|や|対応|いう|思|し|にか)|(?:のは|なんて)(?:、)?(?:どう|いかが|如何)(?:でしょう|です|か(?!と))' +
      '|(?:ば|たら|ると|うと|と)(?:もっと|さらに|より|なお)?(?:いい|良い|よい|便利)(?:の(?:では|かも)|んじゃ|だ?と思[いう]|かも|かと|だろう|でしょう|です(?:よ|ね)$)' +
      '|(?<!ない)(?:ほう|方)が(?:いい|良い|よい|よろしい|親切|便利|助かる)(?:だ?と思|のでは|かも|かと|です(?!か)|んじゃ|気がし)' +
      '|(?:の|こと)も(?:手|一案|ひとつの手|一つの手|あり|アリ)(?:だ|です|では|かと|かも|じゃ)|べき(?:だ?と(?:思|考)|です(?!か)|だ(?!っ|ろ|と言)|では(?:ない|あり)|か(?:と思)|[。!]|$)' +
      '|(?:を|と)提案(?:し(?:ます|たい)|いたし|させ)|提案(?:です|が(?:あり|ござ))|て(?:み|いただい)ては(?!いけ|だめ|ダメ)' +
      `|(?:あ|け|せ|れ|え|め|す)(?:れば|ば|たら|ると)${gap}{2,40}(?:(?<!た|たい)と思(?:い?ます|う)|のでは(?:$|[。!?]|ない)|んじゃない(?:か|で|$)|(?:ない|る|う)はず(?:です|だ)?(?:$|。)|(?<!た)かも(?:$|[。!])|済むのに)` +
      `|(?:し|い|っ|え|け|せ|れ|て)たら${gap}{2,40}(?:(?<!た|たい)と思(?:い?ます|う)|のでは(?:$|[。!?]|ない)|んじゃない(?:か|で|$)|(?:ない|る|う)はず(?:です|だ)?(?:$|。)|(?<!た)かも(?:$|[。!])|済むのに)`,
    'g',
  ),
  request: new RegExp(
    'を(?:もらいたい|貰いたい|いただきたい|頂きたい)|(?:電話|連絡|返信|返事|回答|説明|対応|案内|報告|返金|書類)を?(?:いただけ|頂け|もらえ)(?:ます|ません|ない(?:か|で))|(?<!教え|おしえ)[てで](?:も)?(?:ほしい|欲しい|もらいたい|貰いたい|いただきたい|頂きたい|ください(?!ま)|下さい(?!ま)|ちょうだい|くれ(?=$|[。!、よ])|くれ(?:ない(?:か|です|でしょう)|ません|ると|れば|たら(?:嬉|うれ|助|あり|い))|(?:いただけ|頂け|もらえ|貰え)(?:ます|ません|ない(?:か|で|で)|れば|ると|たら|ない$|る\\?))' +
      '|(?<!よろしく|宜しく|よろしくの)(?:お願い|おねがい)(?:し(?!た(?:の|ら|と|が))|いたし|致し|でき|申し|です|[。!]|$)' +
      '|(?:を|の)(?:ご)?(?:希望|要望|所望)(?:し|です|いたし|致し|[。!]|$)|を求め(?:ます|る|たい)|(?:が|も|は)(?:ほしい|欲しい)(?:です|な|と|[。!]|$)' +
      '|(?:れば|たら|ると|と|うと|なら)(?:とても|すごく|もっと|大変|なお|より|本当に|さらに|なお一層)?(?:嬉し|うれし|ありがた|有難|有り難|助か[りる]|幸い)(?!かっ|まし)' +
      '|(?:改善|対応|検討|返金|返品|交換|修理|連絡|回答|追加|復活)(?:希望|求む|願い|をお願い|を望)|(?:直し|返し|戻し|消し|付け|つけ|増やし|減らし|送っ|出し|やめ|なんとかし|何とかし|作っ|考え|して|変え|替え|改善し|対応し|返金し)て(?:よ|ね)?(?:[。!]|$)|(?:発行|送付|対応|返金|交換|確認|手配)(?:を)?(?:いただけ|頂け)(?:ます|ません|ない)|(?:もら|いただ|頂)[うえくけ](?:こと)(?:は|って|が)?(?:でき|可能)|(?:しろ|せよ|直せ|返せ|よこせ|やめろ|払え|謝れ)(?:よ|や)?(?:[。!]|$)',
    'g',
  ),
  question: new RegExp(
    '(?:です|ます|でしょう|ません|でした|ました|ない|の|る|た|い|う)(?:か)(?:ね|な|しら)?[。?!\\s]*$|(?:です|ます|でしょう|ません|でした|ました)か[。?!、]' +
      `|(?:どう|どこ|いつ|なぜ|何|なに|どの|どれ|どちら|いくら|だれ|誰|どんな|どなた)${gap}{0,30}(?:[?]|(?:の|か|かな|だろう|やろ|なん)(?:[。!]|$))|[?]\\s*$|(?:教え|おしえ)て(?:ください|下さい|いただけ|いただき|頂け|頂き|ほしい|欲しい|もらえ(?!た|て|ず)|くれ(?=$|[。!]|ません|ない)|$|。)|(?:知りたい|お尋ね|伺いたい)(?:です|ます|し|$|。)|質問(?:です|があ)`,
    'g',
  ),
};

/** Politely asked requests end like questions, and so do proposals. */
const askedPolitely =
  /(?<!教え|おしえ)[てで](?:も)?(?:いただけ|頂け|もらえ|貰え|くれ|ください|下さい|くださら)(?:ます|ません|ない)(?:でしょう|です)?か|(?:電話|連絡|返信|返事|回答|説明|対応|案内|報告|返金|書類)を?(?:いただけ|頂け|もらえ)(?:ます|ません|ない)(?:でしょう|です)?か|(?:お願い)(?:でき|出来|し)(?:ます|ません)(?:でしょう)?か|(?:て|で)(?:い|も)?らっしゃ/;
/** Asks for more than a yes. */
const asksFor = /どう|どこ|いつ|なぜ|何|なに|どの|どれ|いくら|誰|だれ|教え|おしえ|方法|手続き|知り/;
const notAsked = /(?:と|って|という|との)(?:聞|質問|尋ね|問)/;

const confidences: Readonly<Record<AskedIntent, number>> = { request: 0.8, question: 0.85, suggestion: 0.75 };

/**
 * What one normalised sentence asks for by its form, each at most once.
 *
 * @param acts the parts of the sentence that ask for a cancellation, which are no requests besides
 * @param isOrder whether it is one order that is cancelled or changed
 */
export function findAskedIntents(sentence: string, acts: readonly Span[], isOrder: boolean): FoundIntent[] {
  const found = new Map<AskedIntent, FoundIntent>();
  for (const id of ['suggestion', 'request', 'question'] as const) {
    const span = firstMatch(rules[id], sentence, (at) => id === 'request' && acts.some((act) => isWithin(at, act)));
    if (span !== undefined) found.set(id, { id, confidence: confidences[id], span });
  }
  // Asked how it would be best, one does not propose.
  if (
    found.has('suggestion') &&
    /(?:どう|どこ|どちら|いつ|何|なに|どの)[^。]{0,16}(?:ば|たら|と)(?:いい|良い|よい)/.test(sentence)
  ) {
    found.delete('suggestion');
  }
  if (found.has('question')) {
    const polite = askedPolitely.test(sentence) && !/[?]|教え/.test(sentence.replace(/か\?/g, 'か'));
    const ownOrder = isOrder && !asksFor.test(sentence.slice(acts.at(-1)?.end));
    if (found.has('suggestion') || polite || ownOrder || notAsked.test(sentence)) found.delete('question');
  }
  // A proposal may be worded as a wish; a wish for what would be good for others is one.
  if (found.has('suggestion') && found.has('request')) {
    if (/[てで](?:ほしい|欲しい|ください|下さい|いただ)|お願い/.test(sentence)) found.delete('suggestion');
    else found.delete('request');
  }
  return [...found.values()];
}

/** Where a global pattern first fits, passing over what is to be skipped. */
function firstMatch(pattern: RegExp, text: string, skips: (at: Span) => boolean): Span | undefined {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const span = { start: match.index, end: match.index + match[0].length };
    if (!skips(span)) return span;
  }
  return undefined;
}

/** The words of a request that follow an act belong to it: キャンセル|を|お願いします. */
const reach = 12;

function isWithin(span: Span, act: Span): boolean {
  return span.start >= act.start - 2 && span.start <= act.end + reach;
}
