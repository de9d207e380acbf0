/**
 * Prints texts as customers write them and as they would not, as a JSON array: `npx tsx strings.ts COUNT SEED`. Piped
 * through ids.py they become test/unit/model/token-ids.golden.json, which was made with 320 and 1.
 */
import { seededRandom } from '../../../src/insight/seeded-random.ts';

const sentences = [
  '注文してから三日で届きました。',
  'レジの人がとても親切で、また来たいと思いました！',
  'アプリを開くたびに落ちるので困っています',
  '送料が800円は高すぎませんか？',
  '解約の手続きがどこにあるのか分からない。',
  'スタッフさんの説明がていねいで安心できた',
  'ラーメンは普通、餃子はおいしかったです',
  '電話が30分以上つながらないのは論外',
  'サイズ表記がS/M/Lだけでcmの記載がない',
  'Wi-Fiが遅くて動画が見られませんでした',
  'ポイントの有効期限を教えてください。',
  'お風呂のお湯がぬるかったのが残念',
  'ver.2.14.0にしてから通知が来ない',
  'https://example.com/faq?id=3 を見たけど解決しない',
  '二重に請求されています。返金してください。',
  '駅から徒歩5分、立地は最高',
  'まあ、この値段ならこんなものかな…',
  'さすがの対応ですね（笑）',
  '神対応すぎて泣いた',
  '可もなく不可もなく',
];
const ornaments = [
  '😊',
  '😡',
  '👍🏻',
  '👨‍👩‍👧',
  '🇯🇵',
  '❤️',
  '✨✨',
  '(^^)',
  '(T_T)',
  'm(_ _)m',
  '＼(^o^)／',
  'orz',
  'ｗｗｗ',
  'www',
  '♪',
  '★★★☆☆',
  '！！！！！',
  '〜〜〜',
  '…。',
  '㌔',
  '①',
  'ｷﾀ━━━',
  '<s>',
  '</s>',
  '<mask>',
  '\u200b',
  '\ufe0f',
  '\t',
  '\u3000',
  '\n',
];
/** Ranges of code points that hold letters, signs and holes of all kinds. */
const ranges = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x4ff],
  [0x600, 0x6ff],
  [0xe00, 0xe7f],
  [0x1100, 0x11ff],
  [0x2000, 0x2bff],
  [0x3000, 0x30ff],
  [0x3100, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xe000, 0xe2ff],
  [0xf900, 0xfaff],
  [0xfe30, 0xffef],
  [0x1f000, 0x1faff],
  [0x20000, 0x20fff],
  [0xe0000, 0xe01ff],
] as const;

const [, , count = '320', seed = '1'] = process.argv;
const random = seededRandom(Number(seed));
const below = (end: number) => Math.floor(random() * end);
const pick = <T>(items: readonly [T, ...T[]] | readonly T[]): T => items[below(items.length)] as T;
const oddCodePoint = () => {
  const [first, last] = pick(ranges);
  return String.fromCodePoint(first + below(last - first + 1));
};
const halfWidth = (text: string) =>
  text.replace(/[ァ-ヶー]/g, (kana) => {
    const half = [...'ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ'];
    const plain = kana.normalize('NFD');
    const found = half.find((each) => each.normalize('NFKC') === plain.charAt(0)) ?? kana;
    return found + (plain.endsWith('\u3099') ? 'ﾞ' : plain.endsWith('\u309a') ? 'ﾟ' : '');
  });

/** Half of a surrogate pair, as cutting leaves it, becomes U+FFFD: Python takes no other strings. */
const wellFormed = (text: string) => Buffer.from(text).toString();

const changes: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text + pick(ornaments),
  (text) => pick(ornaments) + text + pick(ornaments),
  (text) => halfWidth(text),
  (text) => text.normalize('NFD'),
  (text) => text.replace(/[!-~]/g, (ascii) => String.fromCharCode(ascii.charCodeAt(0) + 0xfee0)),
  (text) => text.slice(below(text.length)) + oddCodePoint(),
  (text) => [...text].flatMap((character) => (below(8) === 0 ? [character, oddCodePoint()] : [character])).join(''),
  () => Array.from({ length: 1 + below(30) }, oddCodePoint).join(''),
  (text) => text + pick([...text]).repeat(below(12)),
  (text) => [...text].map((character) => (below(10) === 0 ? pick(ornaments) : character)).join(''),
  (text) => text.repeat(below(4) === 0 ? 12 : 2),
];

process.stdout.write(
  JSON.stringify(
    Array.from({ length: Number(count) }, () => wellFormed(pick(changes)(pick(changes)(pick(sentences))))),
  ),
);
