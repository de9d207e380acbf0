/** What a column may be taken as; attributes are `attributes.NAME`. */
export const fields = [
  'id',
  'text',
  'title',
  'occurredAt',
  'channel',
  'customerId',
  'rating',
  'nps',
  'csat',
  'ces',
  'dwb',
  'question',
  'conversation',
  'turn',
  'author',
  'sourceSystem',
  'sourceUrl',
  'tenant',
  'revision',
] as const;
export type Field = (typeof fields)[number] | `attributes.${string}`;

/** Answers to survey questions; a piece of feedback holds one. */
export const surveyFields = ['nps', 'csat', 'ces', 'dwb'] as const;

/** Names under which fields are known, as {@link comparableName} leaves them. */
const names: Readonly<Partial<Record<Field, string>>> = {
  id:
    'id no 番号 管理番号 受付番号 受付id 問い合わせ番号 問合せ番号 お問い合わせ番号 レビューid 口コミid 回答id 回答番号 チケットid チケット番号 メッセージid ' +
    '投稿id feedbackid reviewid responseid ticketid messageid commentid answerid recordid uuid',
  text:
    'text 本文 内容 コメント 口コミ クチコミ レビュー レビュー本文 レビュー内容 口コミ本文 口コミ内容 感想 ご感想 ご意見 意見 ご意見ご要望 自由記述 自由回答 自由記入 ' +
    'フリーコメント フリーアンサー fa 問い合わせ内容 問合せ内容 お問い合わせ内容 メッセージ 発言 発話 投稿内容 comment comments body review ' +
    'reviewtext reviewbody content contents message feedback description verbatim answer utterance',
  title: 'title タイトル 件名 題名 見出し レビュータイトル 口コミタイトル subject headline reviewtitle summary',
  occurredAt:
    'occurredat 日時 日付 投稿日 投稿日時 作成日 作成日時 登録日 登録日時 回答日 回答日時 回答時刻 受付日 受付日時 受信日時 送信日時 受電日時 発生日 発生日時 ' +
    '発言日時 発話日時 問い合わせ日 問い合わせ日時 問合せ日時 お問い合わせ日時 レビュー日 レビュー日時 口コミ日 記入日 利用日 年月日 タイムスタンプ date datetime ' +
    'time timestamp created createdat createddate posted postedat submittedat submitdate ' +
    'submissiondate receivedat reviewdate responsedate answeredat',
  channel: 'channel チャネル チャンネル 経路 受付チャネル 媒体 種別',
  customerId:
    'customerid customer 顧客id 顧客番号 顧客コード 会員id 会員番号 お客様id お客様番号 ユーザーid ユーザid 利用者id userid user ' +
    'memberid accountid clientid customerno customernumber',
  rating:
    'rating ratingvalue 評価 評点 星 星の数 星数 点数 総合評価 おすすめ度 レーティング スコア score stars star overallrating reviewrating',
  nps: 'nps npsスコア nps値 推奨度 お勧め度 他者推奨意向 npsscore recommendation likelihoodtorecommend',
  csat: 'csat 満足度 顧客満足度 総合満足度 satisfaction csatscore',
  ces: 'ces 顧客努力指標 effort effortscore cesscore',
  dwb: 'dwb 購入意向',
  question: 'question 設問 質問 質問文 設問文 surveyquestion',
  conversation: 'conversation conversationid 会話id スレッドid セッションid チャットid threadid sessionid chatid',
  turn: 'turn conversationturn 発言順 発話順 順番 messageindex sequence',
  author: 'author conversationauthor 発言者 話者 発話者 送信者 発信者 speaker role sender from sendertype',
  sourceSystem: 'sourcesystem system 収集元 システム サイト サイト名 媒体名 source platform site',
  sourceUrl: 'sourceurl url レビューurl 口コミurl link リンク permalink',
  tenant: 'tenant テナント',
  revision: 'revision 改訂',
  'attributes.product':
    'product attributesproduct 商品 商品名 製品 製品名 サービス サービス名 品名 品番 型番 productname item itemname sku',
  'attributes.store': 'store attributesstore 店舗 店舗名 店名 支店 支店名 営業所 拠点 施設名 storename shop branch',
  'attributes.plan': 'plan attributesplan プラン プラン名 契約プラン コース planname',
  'attributes.region': 'region attributesregion 地域 エリア 都道府県 地方 area prefecture',
  'attributes.journeyStep': 'journeystep attributesjourneystep 接点 touchpoint',
  'attributes.device': 'device デバイス 端末 機種 os',
  'attributes.version': 'version バージョン appversion アプリバージョン',
  'attributes.category': 'category カテゴリ カテゴリー 分類 問い合わせ種別 お問い合わせ種別',
  'attributes.language': 'language lang 言語',
};

const byName = new Map<string, Field>(
  Object.entries(names).flatMap(([field, known = '']) =>
    known.split(' ').map((name) => [name, field as Field] as const),
  ),
);

/** A heading as names are compared: lower case and half width, without signs, spaces and what is in parentheses. */
export function comparableName(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\(.{0,100}?\)/g, '')
    .replaceAll(/[\s\p{P}\p{S}]/gu, '');
}

/** The field that is known under a heading. */
export function fieldNamed(heading: string): Field | undefined {
  return byName.get(comparableName(heading)) ?? (heading.startsWith('attributes.') ? parseField(heading) : undefined);
}

/** A field as a person names it. @returns undefined for what is none */
export function parseField(name: string): Field | undefined {
  const found = fields.find((field) => field === name);
  if (found !== undefined) return found;
  return /^attributes\.[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name) ? (name as Field) : undefined;
}
