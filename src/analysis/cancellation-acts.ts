import type { Cancellation } from './cancellation.ts';

/** Ends a relation by itself. */
const leaving = '解約|退会|脱会|脱退|退去|退塾|引退|MNP';
/** What a relation consists of; ended by a general verb. */
const relation =
  '契約|会員|メンバー|サブスク|定期(?:便|購入|購読|コース|お届け)|購読|プラン|アカウント|登録|年会費|会費|自動更新|更新|継続|課金|回線|口座|保険|入会|加入|利用|サービス|新聞|ジム|塾|教室|携帯|電話|ネット|アプリ|ここ|御社|貴社|おたく|お宅|こちら|通う|使う|取引';
/** One transaction. */
const order =
  '注文|予約|面談|打ち?合わせ|説明会|見学|内見|健診|検診|手術|施術|授業(?!料)|集荷|引っ?越し|旅行|フライト|イベント|講座|体験|購入|発注|オーダー|出前|デリバリー|配達|配送|お?届け|発送|商品|席|宿泊|[一二三1-9]泊|部屋|工事|訪問|点検|診察|レッスン|ツアー|チケット|申し込み|申込み?|日時|日程|日にち|日付|時間指定|お?時間|人数|数量|個数|引き取り|受け取り|来店|便|配車|オプション|今回(?:の?分)?|次回(?:の?分)?|今月分|来月分|今週分|来週分|[一1]回(?:分)?(?:だけ)?|サイズ|色|カラー|片方|買い|頼んだ|買った';
const endOrder =
  'キャンセル|取り?消し?|取消し?|取りやめ|取り止め|とりけし|なかったこと|無かったこと|白紙|取り下げ|(?:いったん|一旦|一度)なし';
const changeOrder =
  '変更|変え(?!な)|替え|換え|ずら[しせ]|延期|延ば[しせ]|早め[てら]|遅ら[しせ]|減ら[しせ]|増や[しせ]|スキップ|飛ばし|休[みま]|振り?替え|移[しせ動]|前倒し|繰り上げ|直し';
const endRelation =
  'やめ|止め|辞め|終了|終わりに|おわりに|打ち切|切[らるりっ]|止まら|停止|中止|消[しそすせ]|削除|抹消|取り消|取消|キャンセル|解除|おしまい|最後に';

/** The customer wants it or has done it. What stands after the act. */
const wanted =
  '(?:を|は|に|の|で|も|と|って|する)?(?:手続きを?|申請を?|申し?込みを?|受付を?|処理を?|したことに|ことに|方向で?)?(?:進め|行な?い|とり|取ら)?' +
  '(?:し?たい|した(?:く|かっ)|し?ます(?!か)|し?ました|し?ません?か|した(?=[。!、]|$|ので|から|わ|よ)|する(?=[。!、]|$|こと|予定|つもり|ので|から|わ|よ|しか|方向|と決め|旨)|し?た[。!]|さ?せて(?:いただ|頂|もら|くだ|下さ|ほし)|いたし|致し|して(?:ください|下さい|ほし|欲し|もら|いただ|頂|くれ|おき|お願い)|て(?:ください|下さい|ほし|欲し|もら|いただ|頂|くれ|おき|ます)|お願い|おねがい|希望|決め|決定|考えて(?:い|お)|検討(?:中|して(?:い|お))|し?よう(?:と(?:思|考|決|し)|[。!]|$)|できます|出来ます|できません?か|可能|間に合い|(?:です|だ)(?:[。!]|$)|ですね|でしょうか|予定|つもり|一択|でいい|せます|えます|られます|れます|せる|ても(?:いい|良い|よい|らえ)|て$|て[。!]|[。!]|、|$)';

/** What follows an act that is only talked about. */
const named =
  '^(?:料|手数料|費|ポリシー|規[定約]|条件|期限|待ち|不可|率|機能|枠|金|返戻|する?場合|すると|したら|すれば|した場合|の?電話|の?窓口|の?とき|の?際|時|の?連絡先|ボタン|ページ|画面|リンク|フォーム|メニュー|理由|が出|条項|縛り|違約)';
const howTo =
  '^(?:の|する|を?する)?(?:仕方|しかた|方法|やり方|手順|手続き|手続(?!き)|流れ)(?!を?(?:お願い|希望|進め|し(?:たい|ます|まし)|して(?:くだ|下さ|ほし|もら|いただ)))';
const denied =
  '^(?:を|は|も)?(?:する|し|したい)?(?:つもり|気|予定|わけ|訳|必要|こと)?(?:では|じゃ|は|も|が)?(?:なく(?!な)|ない(?!と)|ありません|せず|しな[いく](?!と|ら)|しません(?!か)|無し|なしで|ではな)';
const passive = '^(?:を|に|と)?(?:され(?!たい)|させられ|扱い|食ら|くら[いっ])|^(?:られ|れて?しまい)';
const done =
  '^(?:を|の?手続き?を?)?(?:した|しました|し|済ませ(?:た|まし)|終え(?:た|まし)|完了し)?(?:た)?(?:のに|はず|つもり(?:だっ|でし|が|な)|済|後|あと|以降|ものの|にもかかわらず|にも関わらず)';
const wondering =
  '^(?:を|は|に)?(?:し|す)?(?:る|よう|べき|た方がいい|たほうがいい)?(?:か(?:どうか|な(?:ぁ|あ)?|も|と)?)[^。!?\\n]{0,12}(?:迷|悩|考え|検討|思|わから|分から|頭|$)|^(?:する|しよう)?(?:べき)?か(?:どうか)?[、]?(?:迷|悩|考)|^しようかな|^(?:も|を)[^。!?\\n]{0,4}(?:考え(?:ます|る|ざる|ちゃ|始め)|検討せ|検討し(?:ます|よう|始め|ない)|検討する|視野|頭を|よぎ)';
/** Left, or meant to, and stays all the same. */
const stays =
  /(?:が|けど|けれど|ものの|のに|で|、)[^。!?\n]{0,24}(?:続け(?!られ|ない|ません|るか)|継続(?:し(?!な|ま?せん)|する|を決)|思い直|思いとどま|踏みとどま|戻って|戻りま|戻った|再契約|再入会|再登録|再開|残ること|やめました|見送り|通います|使い続け)/;
const others =
  /(?:友人|友達|知人|知り合い|同僚|先輩|後輩|上司|母|父|姉|兄|妹|弟|夫|妻|主人|旦那|嫁|息子|娘|祖母|祖父|孫|親|家族|周り|まわり|みんな|隣|近所|ママ友|彼女?|出品者|売り手|相手)(?:たち|の人|の方|さん|様)?(?:は|が|も|で)[^。!?\n、]{0,14}$/;
const othersForm =
  /^(?:を|に|へ)?(?:し|え|り|っ)?(?:た(?![いくか])|まし|て(?:い|お)?(?:る|ます|た|まし)|てしま|るらしい|るそう|てた)/;

const acts = new RegExp(
  `(?<leave>${leaving})|(?<order>${endOrder})|(?<end>${endRelation})|(?<change>${changeOrder})`,
  'g',
);
const relationBefore = new RegExp(`(?:${relation})`, 'g');
const orderBefore = new RegExp(`(?:${order})`, 'g');
/** What the customer finds so bad that it may come to that: このままでは, 安くならないなら. */
const threat =
  /このまま|(?:ない|なけれ|ません|よう|続く|同じ)(?:の)?(?:なら|ば|であれば|だと|でしたら)|さすがに|いい加減/;
/** Leaving that waits for what the company does: 対応が変わらなければ退会する. */
const unlessMended =
  /(?:な(?:ければ|いなら|かったら|い(?:の|よう)(?:なら|であれば|でしたら))|ませんでしたら|よう(?:なら|であれば|でしたら)|このまま(?:なら|では|だと))、?[^。!?、\n]{0,6}$/;
/** 退会後に再登録できますか. */
const asksAfterwards = /^後(?:に|も|の|で)?[^。!?\n]{0,24}(?:か[?。]?$|[?])/;
/** Done for the customer: 止めてくれた, 替えていただきありがとうございました. */
const favourAfter =
  /^[^。!?、]{0,4}[てで](?:くれ(?:た|て|まし)|もら(?:っ|えた|えて|えまし|いまし|い、)|いただ(?:い|き(?:、|まし|あり)|けた|けて|けまし)|頂(?:い|き(?:、|まし|あり)|けた|けて)|くださ(?:っ|り)|くださいまし|下さ(?:っ|り))/;
const wantedAfter = new RegExp(`^${wanted}`);
const namedAfter = new RegExp(named);
const howToAfter = new RegExp(howTo);
const deniedAfter = new RegExp(denied);
const passiveAfter = new RegExp(passive);
const doneAfter = new RegExp(done);
const wonderingAfter = new RegExp(wondering);
const oneTime =
  /(?:今回|次回|今月|来月|今週|来週)(?:の)?(?:[^。、]{0,4}分|お届け|だけ|のみ)|(?:一|1)(?:回|度)(?:分|だけ|のみ)?|一部/;
const parting =
  /(?:今月|来月|今年|今期|今日|本日|これ|今回|[0-9一二三四五六七八九十]{1,2}月(?:末)?|末)(?:いっぱい|限り|付け|をもって|末)?で(?:、)?(?:もう)?$|もう(?:、)?$/;
/** A change of how things are for everybody, not of one order. */
const general =
  /(?:営業|(?:診察|受付|利用|開館|貸出|面会|授業|滞在|制限|放送|休憩|営業)時間|門限|期限|開館|貸し?出し|開店|閉店|展開|種類|品揃え|品数|メニュー|スタッフ|店員|本数|機能|設定|パスワード|支払い?方法|プラン|デザイン|画面|文字|通知)[^。!?\n]{0,8}$/;
const generalAfter =
  /^[^。!?\n]{0,6}(?:できるように|出来るように|しやすく|方法|仕方|やり方|画面|どこ(?:から|で)|機能|規定|手順|できな[いかくけ]|出来な[いかく]|できません(?!か|でしょうか)|られ(?:た|て|まし)|された|ても(?!ら)|たら)/;
const asksChange =
  /^[^。!?\n]{0,10}(?:たい|てほし|て欲し|てくだ|て下さ|てもら|ていただ|て頂|お願い|できます|可能|ますか|ませんか|ます(?:$|[。!])|させて|希望|せますか|えますか|でお願い|になります)/;

/** Acts that are looked at in one sentence: more than anybody writes, few enough for junk to stay cheap. */
const mostActs = 20;
/** How far around an act its object and its form are sought, in UTF-16 units. */
const before = 40;
const after = 40;

/** What a sentence says of each act of ending or changing something, by its object and the words behind it. */
export function readActs(sentence: string): Cancellation[] {
  const found: Cancellation[] = [];
  let count = 0;
  for (const match of sentence.matchAll(acts)) {
    count += 1;
    if (count > mostActs) break;
    const start = match.index;
    const end = start + match[0].length;
    const lead = clauseBefore(sentence.slice(Math.max(0, start - before), start));
    const tail = sentence.slice(end, end + after);
    const read = readAct(match.groups ?? {}, lead, tail);
    if (read === undefined) continue;
    const form = wantedAfter.exec(tail)?.[0].length ?? 0;
    found.push({ ...read, span: { start, end: end + form } });
  }
  return found;
}

/** The words before an act within its sentence. */
function clauseBefore(words: string): string {
  return words.slice(Math.max(words.lastIndexOf('。'), words.lastIndexOf('!'), words.lastIndexOf('?')) + 1);
}

type Read = Omit<Cancellation, 'span'>;
type Act = Readonly<Record<string, string | undefined>>;

function readAct(act: Act, lead: string, tail: string): Read | undefined {
  if (act.change !== undefined) return readChange(act.change, lead, tail);
  const scope = scopeOf(act, lead);
  if (scope === undefined) return undefined;
  const told = (kind: 'signal' | 'none', blames = false): Read => ({ kind, confidence: 0.6, blames });
  const ends = scope === 'cancel';
  if (passiveAfter.test(tail)) return told('none', true);
  if (favourAfter.test(tail)) return told('none');
  if (othersForm.test(tail) && others.test(lead)) return told('none');
  if (wonderingAfter.test(tail)) return told(ends ? 'signal' : 'none', ends && threat.test(lead));
  if (ends && asksAfterwards.test(tail)) return told('signal');
  if (doneAfter.test(tail)) return told('none', /のに|はず|つもり|済|かかわらず|関わらず/.test(tail));
  if (deniedAfter.test(tail) || stays.test(tail)) return told('none');
  if (namedAfter.test(tail) || howToAfter.test(tail)) {
    if (act.leave === undefined && !ends) return told('none');
    return act.leave === undefined ? undefined : told('signal');
  }
  if (
    act.end !== undefined &&
    /^(?:終了|停止|中止|削除|止ま)/.test(act.end) &&
    /^(?:し|に)?(?:まし)?た(?![いくか])/.test(tail)
  )
    return undefined;
  if (act.order !== undefined && /^(?:を|は)?(?:受け付け|認め)/.test(tail)) return told('none', true);
  if (wantedAfter.test(tail)) {
    if (ends && unlessMended.test(lead)) return told('signal', true);
    const considered = /^(?:を)?(?:考え|検討)/.test(tail);
    return { kind: scope, confidence: considered ? 0.6 : 0.85, blames: false };
  }
  return act.leave === undefined ? undefined : told('signal');
}

/** Whether an act ends a relation or one order; undefined if it ends neither. */
function scopeOf(act: Act, lead: string): 'cancel' | 'cancel-order' | undefined {
  if (act.leave !== undefined) return 'cancel';
  const relationAt = lastIndexOf(relationBefore, lead);
  const orderAt = lastIndexOf(orderBefore, lead);
  const once = oneTime.test(lead);
  if (!once && lasting.test(lead)) return 'cancel';
  if (act.order !== undefined) return 'cancel-order';
  if (relationAt >= 0 && relationAt > orderAt && !once && /(?:を|は|も|の|から|に)?[^、。]{0,12}$/.test(lead))
    return 'cancel';
  if (orderAt >= 0 && /(?:を|は|の)[^、。]{0,6}$/.test(lead)) return 'cancel-order';
  return parting.test(lead) ? 'cancel' : undefined;
}

/** What is ended for good whatever verb ends it. */
const lasting = /定期(?:便|購入|購読|コース|お届け)|契約|会員|入会|加入|サブスク|年会費|自動更新|購読/;

function lastIndexOf(pattern: RegExp, text: string): number {
  let last = -1;
  for (const match of text.matchAll(pattern)) last = match.index;
  return last;
}

/** What of one order may be changed, and the dates, times and heads that it is changed to. */
const changeable = new RegExp(
  `${order}|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:時|日|名|人|泊|便|枚|個)|曜|午前|午後|明日|来週|指定|立ち?会い|内見`,
);

/** More and fewer of what one order counts; more colours are a wish to the maker. */
const counted = /数量|個数|人数|枚数|泊|人前|[0-9一二三四五六七八九十]つ?[個枚人泊つ本冊袋]/;

function readChange(verb: string, lead: string, tail: string): Read | undefined {
  if (!changeable.test(lead) || general.test(lead) || generalAfter.test(tail) || favourAfter.test(tail))
    return undefined;
  if (/^[減増]/.test(verb) && !counted.test(lead)) return undefined;
  return asksChange.test(tail) ? { kind: 'cancel-order', confidence: 0.75, blames: false } : undefined;
}
