import type { Span } from '../../domain/span.ts';
import { before, type PersonalDataDetector } from './detector.ts';

const account =
  /((?:LINE|ライン|カカオ(?:トーク)?|Skype|スカイプ|Discord|ディスコード|TikTok|Instagram|インスタ(?:グラム)?|Twitter|ツイッター|(?<![A-Za-z])X|Facebook|フェイスブック|Threads|WeChat)( ?の?(?:アカウント名?|ユーザー名|ID))? ?(?:は|が|で|:|=|→|\(|「|、)? ?「?)(@?[A-Za-z0-9][A-Za-z0-9._:#-]{2,31})(?<![.:#-])(?![A-Za-z0-9@])/gi;
const own = /(?:私|わたし|僕|俺|自分|うち|個人|娘|息子)の$/;
const companys = /(?:公式|御社|貴社|会社|お店|店舗|ショップ)の?$/;

/** Names in social networks that the customer gives as their own; those of companies stay. */
export const socialAccountDetector: PersonalDataDetector = {
  kind: 'social-account',
  find(text) {
    const spans: Span[] = [];
    for (const { index, 0: all, 1: lead = '', 2: named, 3: name = '' } of text.matchAll(account)) {
      const context = before(text, index, 8);
      if (companys.test(context) || /で ?「?$/.test(lead)) continue;
      const handle = name.startsWith('@');
      const stated = /[はが:=→(] ?「?$/.test(lead);
      const tells = /\d|[._#-]|^@/.test(name);
      if (
        named !== undefined
          ? tells || stated
          : own.test(context) || /#\d{4}$/.test(name) || (stated && tells && (handle || /[:=]/.test(lead)))
      ) {
        spans.push({ start: index + lead.length, end: index + all.length });
      }
    }
    return spans;
  },
};
