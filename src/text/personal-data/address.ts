import type { Span } from '../../domain/span.ts';
import { type PersonalDataDetector, valuesAfter } from './detector.ts';

// A block is where a street address begins to point at a house: 1-2-3, 1丁目2番3号, 12番地の3. Counters and the
// particles before them tell 2-3日 and 市内で10-20台 from it.
const place =
  /(?:(東京都|北海道|(?:京都|大阪)府|(?:神奈川|和歌山|鹿児島|\p{Script=Han}{2})県) ?)?((?:[\p{Script=Han}ヶケノ]{1,6}?|さいたま|つくば|うるま|いわき|かほく|みどり|ふじみ野|あきる野|ひたちなか|つがる|にかほ|さくら|いすみ|あわら|あま|みよし|いなべ|たつの|南あわじ|みやま|うきは|えびの)(?:[市区]|郡[\p{Script=Han}ヶケノみなかべ]{1,6}?[町村]))|(東京都)(?=[\p{Script=Han}]{1,4}[町村])/gu;
const town =
  /(?![のとがもやは])(?:[\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}ー々〆ヶ]|\d{1,2}(?:条|線)){1,24}?(?=\d{1,5}(?![\d条線])|[一二三四五六七八九十]{1,3}丁目)/uy;
const particle = /[はへをにで、。]|から|まで|では|という|ので|した|って|の(?:方|店|人|お|会|街|中)/;
const block =
  /(?:(?:\d{1,3}|[一二三四五六七八九十]{1,3})丁目(?: ?\d{1,4}(?:番地?|[-ーの])){1,2}(?: ?\d{1,5}(?:号(?!室)|-\d{1,4})?)?(?:の\d{1,4})?|(?:\d{1,3}|[一二三四五六七八九十]{1,3})丁目 ?\d{1,4}(?![\d.,]|日|分|月|人|台|個|円|軒|か所|階)|\d{1,5}番地?(?: ?\d{1,4}号)?(?:[の-]?\d{1,4})?(?!目|人|線|乗)|\d{1,5}(?:[-ーの]\d{1,5}){1,4}(?!\d|[.,]\d)(?: ?号(?!室))?(?!日|月|人|台|個|円|%|分|時|名|歳|代|年|回|枚|本|階|件|週|cm|m|kg|g|点|箱|泊))/uy;
// Enough where the prefecture is named: 末広町311.
const bareBlock =
  /\d{1,5}(?![\d.,%:/-]|日|月|人|台|個|円|分|時|名|歳|代|年|回|枚|本|階|件|週|位|店|校|駅|番|号|点|箱|泊|つ|[A-Za-z])/y;
const ward = /^\p{Script=Han}{1,3}区\p{Script=Han}/u;
const building =
  /(?:[ \n]{1,2}|(?=[\p{Script=Katakana}]))(?:(?![はがをにでとの])[\p{L}・ー々]{1,20}?(?:ビル(?:ディング)?|マンション|ハイツ|コーポ|アパート|タワー|荘|ハイム|棟)(?: ?[A-Za-z]?棟)?(?: ?[A-Za-z]?\d{1,4}(?:-[\dA-Za-z]{1,4})?(?:号室?|階|F)?)?|[\p{Script=Han}\p{Script=Katakana}A-Za-z・ー々]{2,20}? ?(?:[A-Za-z]棟 ?)?(?:\d{1,4}号室?|\d{1,3}(?:階|F)(?![A-Za-z])|\d{3,4}(?![\d円年個枚回件人名%,.:/])|\d{1,2}-[A-Za-z](?![A-Za-z])))|[ 、]?\d{1,4}号室/uy;
const label = /(?:住所|届け先|送り先|転居先|引っ?越し?先|転送先|配達先|配送先|送付先|実家|自宅)/g;
const labelled =
  /[\p{Script=Han}\p{Script=Katakana}ヶ]{2,12}(?:\d{1,3}丁目 ?\d{1,4}番(?:地|\d{1,4}号)?|\d{1,3}丁目 ?\d{1,4}-\d{1,4}|\d{1,4}-\d{1,4}-\d{1,5}(?:-\d{1,5})?)(?!\d)/uy;
const withoutCity =
  /\p{Script=Han}{2,8}\d{1,2}-\d{1,3}-\d{1,4}(?=に住|在住|に引っ?越|に転居|宛|へ?まで(?:届|配)|[にへ](?:届|送|配))|\p{Script=Han}{2,8}\d{1,2}丁目 ?\d{1,3}番(?:地|地?の\d{1,4}| ?\d{1,3}号)/gu;

/** Street addresses of Japan down to the house, with building and room. Names of places alone stay. */
export const addressDetector: PersonalDataDetector = {
  kind: 'address',
  find(text) {
    if (!/[\d]/.test(text)) return [];
    const spans: Span[] = [];
    let done = 0;
    for (const { index, 0: words, 1: prefecture } of text.matchAll(place)) {
      if (index < done) continue;
      const end = blockEnd(text, index, words, prefecture !== undefined || words === '東京都');
      if (end === undefined) continue;
      done = buildingEnd(text, end);
      spans.push({ start: index, end: done });
    }
    for (const { start, end } of [...valuesAfter(text, label, labelled), ...houses(text)]) {
      spans.push({ start, end: buildingEnd(text, end) });
    }
    return spans;
  },
};

/** End of the block behind a municipality; further ones (大阪市北区) belong to the name of the town. */
function blockEnd(text: string, index: number, words: string, precise: boolean): number | undefined {
  const from = index + words.length;
  town.lastIndex = from;
  const name = town.exec(text)?.[0];
  if (name === undefined || particle.test(name)) return undefined;
  block.lastIndex = from + name.length;
  const found = block.exec(text);
  if (found !== null) return block.lastIndex;
  bareBlock.lastIndex = from + name.length;
  const known = precise || (words.endsWith('市') && ward.test(name));
  return known && name.length >= 2 && bareBlock.test(text) ? bareBlock.lastIndex : undefined;
}

function buildingEnd(text: string, end: number): number {
  building.lastIndex = end;
  return end + (building.exec(text)?.[0].length ?? 0);
}

function houses(text: string): Span[] {
  if (!/丁目|住|届|送|配|宛|転居|越/.test(text)) return [];
  return Array.from(text.matchAll(withoutCity), ({ index, 0: words }) => ({ start: index, end: index + words.length }));
}
