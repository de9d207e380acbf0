// What is offered by those who post advertisements where feedback is asked for, and how they ask to be contacted.
const offers =
  /副業|在宅(?:で|ワーク)|稼げ|稼い|月収|日給|日収|毎月\d|不労所得|初期費用ゼロ|カジノ|一攫千金|(?:入金|登録)ボーナス|仮想通貨|自動売買|FX|資産(?:を増や|が?\d{1,4}倍)|投資(?:グループ|サロン|案件)|必ず(?:儲|稼|勝)|高収入|融資|即日|ブラックでも|借りられ|お金(?:に困って|貸し)|審査(?:なし|不要)|来店不要|出会[いえ]|激安|格安|今だけ(?:限定|特別)|ブランド(?:品|時計|バッグ|財布)|最大\d{1,2}(?:%|割)(?:オフ|OFF|引)|(?:ブランド|スーパー)コピー|N級品|当選|賞品|フォロワー(?:を?増|(?=[^。]{0,10}販売))|相互フォロー|フォロバ|(?:口コミ|レビュー)(?:代行|1件)|無料で教え|スマホだけで|誰でも簡単|完全無料/g;
const calls =
  /(?:無料|今すぐ|LINE)登録|登録(?:は|を)?(?:こちら|コチラ)|今すぐ|(?:こちら|コチラ)|クリック|タップして|LINE(?:追加|登録|で|へ|まで)|DM|プロフ|招待(?:し|いたし|中)|お電話(?:ください|下さい|を)|お気軽に|ご連絡(?:ください|下さい)|リンク(?:から|へ)|URLから|詳細は|詳しくは|お問い合わせは|募集|受付中|限定公開|ならここ|代行いたします|知りたい方|ある方は|https?:\/\//g;
// Whoever complains about advertisements speaks of the same things.
const complaint =
  /迷惑|しつこ|うざ|詐欺|困[るりっ](?!ている[方人])|やめて|消して|のに|できな|ません(?!か)|でした|だった|[良よ]かった|表示され/;
/** Different signs of an advertisement that make one. */
const enough = 3;

/**
 * Whether a text (normalised) is an advertisement: it offers something that such texts offer, asks to be contacted, and
 * complains of nothing. Time is linear.
 */
export function isAdvertisement(text: string): boolean {
  const offered = new Set(text.match(offers)).size;
  if (offered === 0 || complaint.test(text)) return false;
  const called = new Set(text.match(calls)).size;
  return (called > 0 || offered > 2) && offered + called >= enough;
}
