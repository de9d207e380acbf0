import type { IntentScore, SentimentScore } from '../domain/analysis.ts';
import type { IntentId } from '../domain/labels.ts';
import type { Span } from '../domain/span.ts';

interface Rule {
  readonly id: IntentId;
  readonly pattern: RegExp;
  readonly confidence: number;
}

const rules: readonly Rule[] = [
  {
    id: 'cancel',
    confidence: 0.8,
    pattern:
      /(?:解約|退会)(?:を?(?:したい|します|しました|する|させて|希望|申し込|検討|手続)|です)|(?:もう|二度と)[^。!?\n]{0,12}(?:使|利用|買|購入し|行か|行き|来|頼|注文し|泊ま)[^。!?\n]{0,5}(?:ない|ません)|(?:他社|よそ|別の(?:会社|店|サービス))(?:に|へ)[^。!?\n]{0,6}(?:乗り換え|変え|移)|乗り換え(?:ます|ました|た|る)(?![^。]{0,4}案内)/,
  },
  {
    id: 'cancel-order',
    confidence: 0.75,
    pattern:
      /(?:注文|予約|購入|配送|定期便)[^。!?\n]{0,12}(?:キャンセル|取り消|取消|変更(?:し|を|で|お願い))|キャンセル(?:を?(?:したい|お願い|させて|希望|でき))|(?:届け先|配達日|お届け日|日時|日にち|人数)[^。!?\n]{0,8}変更/,
  },
  {
    id: 'request',
    confidence: 0.7,
    pattern:
      /て(?:ほしい|欲しい|もらいたい|いただきたい|頂きたい|くれ(?![たてるな])|いただけ(?:ます|ません|ない|れば|ると)|頂け(?:ます|ません|ない|れば)|もらえ(?:ます|ません|ない|れば|ると)|ください|下さい)|(?:お願い|おねがい)(?:します|いたします|致します|できます|したい|です)|(?:を|の)(?:希望|要望)|(?:改善|対応|検討)(?:して|を)[^。!?\n]{0,6}(?:ほしい|欲しい|ください|願)|(?:が|も)(?:ほしい|欲しい)|(?:れば|たら|ると)(?:いい|良い|よい|嬉しい|うれしい|ありがたい|助かる|助かり)(?!まし)/,
  },
  {
    id: 'question',
    confidence: 0.8,
    pattern:
      /(?:です|ます|でしょう|ません|でした|ました|ない|の|る|た)か(?:ね|な)?[。?!\s]*$|(?:どう|どこ|いつ|なぜ|何|なに|どの|どれ|いくら|何時|だれ|誰)[^。!\n]{0,40}[?]|[?]\s*$|(?:教えて|おしえて)(?:ください|下さい|いただ|頂|ほしい|欲しい)/,
  },
  {
    id: 'suggestion',
    confidence: 0.65,
    pattern:
      /(?:した|すれ|にし|たり)(?:ら|ば)(?:どう|いかが)|(?:すれば|したら|ば)(?:いい|良い|よい)(?:のでは|と思|のに|んじゃ)|(?:ほう|方)が(?:いい|良い|よい)(?:と思|のでは|かも|です)|(?:のは|など)?(?:どうでしょう|いかがでしょう)|提案/,
  },
];

/** Praise and complaint are read off the sentiment; weaker than this they are left out. */
const evaluated = 0.3;

/** An intent with its range in the given text. */
export type FoundIntent = Omit<IntentScore, 'spans'> & { readonly span: Span };

/** Basic intents of one normalised sentence, for when no model is there; each at most once. */
export function findIntents(sentence: string, sentiment: SentimentScore): FoundIntent[] {
  const found: FoundIntent[] = [];
  const whole = { start: 0, end: sentence.length };
  const { label, score, confidence } = sentiment;
  if (label === 'mixed' || score <= -evaluated) found.push({ id: 'complaint', confidence, span: whole });
  if (label === 'mixed' || score >= evaluated) found.push({ id: 'praise', confidence, span: whole });
  for (const rule of rules) {
    const match = rule.pattern.exec(sentence);
    if (match === null) continue;
    const span = { start: match.index, end: match.index + match[0].length };
    found.push({ id: rule.id, confidence: rule.confidence, span });
  }
  return found;
}
