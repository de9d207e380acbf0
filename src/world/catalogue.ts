/** What the fictional ほしくず商会 sells: kitchen things, under numbers of its own. */
export const products = [
  ['K-101', '電気ケトル'],
  ['K-102', 'コーヒーメーカー'],
  ['K-103', '手挽きミル'],
  ['K-104', 'トースター'],
  ['K-105', '炊飯器'],
  ['K-106', 'ホットプレート'],
  ['K-107', 'スチーマー'],
  ['K-108', 'ミキサー'],
  ['K-109', '電動ミル'],
  ['K-110', 'ホットサンドメーカー'],
  ['L-201', '加湿器'],
  ['L-202', 'サーキュレーター'],
  ['L-203', '卓上ライト'],
  ['T-301', '保温ポット'],
  ['T-302', 'ドリップスタンド'],
  ['T-303', '保存容器'],
  ['T-304', 'フライパン'],
  ['T-305', '片手鍋'],
  ['T-306', '計量スプーン'],
  ['T-307', 'キッチンばさみ'],
] as const satisfies readonly (readonly [number: string, name: string])[];

/** The bottle that came out a few days ago. */
export const newBottle = 'T-308';

/** Where its customers live. Deliveries to the west come from a warehouse of their own. */
export const regions = ['札幌', '仙台', '東京', '横浜', '名古屋', '大阪', '広島', '福岡'] as const;
export type Region = (typeof regions)[number];
export const westernRegions: readonly Region[] = ['大阪', '広島', '福岡'];

/** Its shops, one or two in each region. */
export const stores = [
  ['札幌', '時計通り店'],
  ['仙台', 'けやき店'],
  ['東京', 'みなと駅前店'],
  ['東京', 'ひがし橋店'],
  ['横浜', '坂の上店'],
  ['横浜', '汐風店'],
  ['名古屋', '城下店'],
  ['大阪', '川ばた店'],
  ['大阪', '南市場店'],
  ['広島', '電停前店'],
  ['福岡', '港町店'],
  ['福岡', 'けやき坂店'],
] as const satisfies readonly (readonly [region: Region, name: string])[];

/** Coffee beans. */
export const flavours = [
  '深煎りブレンド',
  '朝のブレンド',
  'ほしくずブレンド',
  '中煎りブレンド',
  '夜のデカフェ',
  '浅煎りの豆',
  'カフェオレ用の豆',
  '水出し用の豆',
] as const;

/** Plans of the bean subscription, with what they cost a month in yen and how often they are taken. */
export const plans = [
  ['light', 1980, 5],
  ['standard', 3480, 4],
  ['vip', 7800, 1],
] as const satisfies readonly (readonly [name: string, mrr: number, weight: number])[];
export type Plan = (typeof plans)[number][0];

/** Versions of the app before, in and after the outage. */
export const appVersions = { before: '5.1.4', broken: '5.2.0', mended: '5.2.1' } as const;
