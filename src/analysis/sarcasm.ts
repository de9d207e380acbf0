import type { FlagScore, SentenceAnalysis, SentimentScore } from '../domain/analysis.ts';
import type { PreparedSentence } from './prepared-text.ts';
import { rounded } from './rounded.ts';

/** Questions that want no answer: 誰が買うの, 何のための保証, やる気ある？, いつまで待たせる気. */
const rhetorical =
  /(?:誰|だれ|どこの誰)(?:が|に)[^。!?\n]{0,14}(?:買|使|納得|得|喜|満足|払|信じ|頼|来)[^。!?\n]{0,6}(?:の|ん|か|だろう|でしょう|[?])|誰得|何(?:の)?ため(?:の|に)[^。!?\n]{0,14}(?:[?]|か|の$|なの|ん$|$)|何(?:が|を)したいの|(?:やる気|意味|責任感|良心|人の心|プライド|常識|説明する気|直す気|売る気|返す気)(?:は|が|って)?(?:ある|あり(?:ます)?|ない|ありません)(?:の|ん)?(?:です)?(?:か|[?])|どこが[^。!?\n]{1,14}(?:[?]|の$|んだ|です?か|なの)|(?:いつまで|何(?:回|度|時間|年|日))[^。!?\n]{0,16}(?:気(?:です|なの|だ)?|つもり)(?:です)?(?:か|[?]|$)|[^。!?\n]{0,20}(?:とは)(?:[?]|一体|いったい|何(?:だ|です|なん)|$)|って何(?:だっけ|でしたっけ|なん|[?])|(?:は|って)何だったの|わざと(?:です|なの|やって)?(?:か|[?])|ふざけてる(?:の|ん)|(?:なめ|舐め|バカにし|馬鹿にし)て(?:る|います|ます|いる)(?:の|ん)?(?:です)?(?:か|[?])|(?:おかしい|おかしく)(?:と思い|ない|ありません)[^。!?\n]{0,4}(?:か|[?])|どうなって(?:る|いる|ます|います)(?:の|ん)|(?:これで|この(?:値段|対応|品質|出来|味)で)[^。!?\n]{1,14}(?:と(?:は|言|いう)|って|ですか|なの|[?])/;

/** Praise with a wink: さすがですね（笑）, ご立派, お見事な手抜き, おかげで暗記しました. */
const wink = /(?:\(笑\)|（笑）|笑$|[wｗ]{1,10}$|苦笑|草$|\(棒\)|（棒）|棒読み)/;
const mockPraise =
  /(?:さすが|流石|素晴らしい|すばらしい|お見事|見事な|ご立派|立派な|ありがたい|感動的な|斬新な|画期的な|大した|恐れ入り|頭が下がり|感心し|たいへん(?:研究|教育)熱心|良い勉強|いい勉強|ご丁寧に)/;
const mockThanks = /(?:の)?(?:おかげ|お陰)(?:さま|様)?で[^。!?\n]{0,30}/;

/** What goes wrong in a sentence that praises: without it the praise is meant. */
const failing =
  /(?:遅|待た|壊|故障|エラー|間違|忘れ|放置|無視|届か|来な|動か|つなが?ら|繋がら|直ら|治ら|使え|ずぶ濡れ|やり直|たらい回し|高い|値上げ|不良|不具合|落ち(?:る|ま|た)|二重|三回|[3-9]回|何回|何度|何時間|時間待|返事がな|手抜き|嘘|ウソ|ミス|謎|損|無駄|暗記|体験でき|身につき|覚え(?:ました|られ)|早食い|さすが(?:の|です)?(?:対応|手抜き|サポート)|言い訳|丸投げ|殿様)/;

/** Where a sentence is ironic or asks without wanting an answer; undefined if it is meant as it says. */
export function findSarcasm(sentence: PreparedSentence, isNegative: boolean): FlagScore | undefined {
  const { normalized } = sentence;
  const question = rhetorical.exec(normalized);
  if (question !== null && !asksPolitely.test(normalized))
    return toFlag(sentence, question, 0.65, 'rhetorical question');
  const praise = mockPraise.exec(normalized);
  const winks = wink.test(normalized.replace(/[。!?\s]{1,20}$/, ''));
  const fails = failing.test(normalized) || isNegative;
  if (
    praise !== null &&
    (winks
      ? fails || /さすが|流石|立派|見事/.test(praise[0])
      : failing.test(normalized) &&
        /さすが|流石|立派|見事|斬新|恐れ入|大した/.test(praise[0]) &&
        !isThanked.test(normalized))
  ) {
    return toFlag(sentence, praise, winks ? 0.75 : 0.55, 'mock praise');
  }
  const thanks = mockThanks.exec(normalized);
  if (thanks !== null && failing.test(thanks[0]) && !isThanked.test(normalized)) {
    return toFlag(sentence, thanks, 0.6, 'mock thanks');
  }
  return undefined;
}

/** A question to which an answer is wanted. */
const asksPolitely =
  /教え|でしょうか[?。]?$|(?:いただけ|頂け|もらえ|できます|可能です)(?:か|でしょう)|お(?:聞き|尋ね|伺い)/;
/** Trouble that was mended. */
const isThanked =
  /助か|感謝|ありがと|嬉し|うれし|直して(?:くれ|もら|いただ)|なく(?:なり|済)|ず(?:に)?済|解決|安心|早速|すぐに?(?:直|治|交換|対応)|治り|直り|改善/;

function toFlag(sentence: PreparedSentence, match: RegExpExecArray, confidence: number, reason: string): FlagScore {
  const span = { start: match.index, end: match.index + match[0].length };
  return { id: 'sarcasm', confidence, spans: [sentence.toOriginal(span)], reason };
}

/** A flagged sentence's praise is not taken at its word: half as strong on the other side, and less sure. */
export function notTakenAtItsWord(sentiment: SentimentScore): SentimentScore {
  if (sentiment.label !== 'positive') return sentiment;
  return {
    label: 'negative',
    score: rounded(-Math.abs(sentiment.score) / 2),
    confidence: rounded(Math.min(0.5, sentiment.confidence)),
  };
}

/** A sentence whose irony is known, with what it praises read the other way round. */
export function withIrony(sentence: SentenceAnalysis): SentenceAnalysis {
  if (sentence.sentiment.label !== 'positive' || !sentence.flags.some(({ id }) => id === 'sarcasm')) return sentence;
  const intents = sentence.intents.map((intent) =>
    intent.id === 'praise'
      ? { ...intent, id: 'complaint' as const, confidence: rounded(intent.confidence / 2) }
      : intent,
  );
  return { ...sentence, sentiment: notTakenAtItsWord(sentence.sentiment), intents: distinct(intents) };
}

function distinct<T extends { readonly id: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
