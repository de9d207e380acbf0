import type { Driver } from '../insight/drivers.ts';
import type { EmergingIssue } from '../store/emerging-query.ts';
import type { RankedOpinion } from '../store/opinion-query.ts';
import type { RankedVoice } from '../store/voice-query.ts';
import type { ScoreRow } from './score-rows.ts';
import { type Column, number, text, time } from './table.ts';

type TopicName = (topic: string) => string;

/** Columns of pain points, praise and requests. */
export function voiceColumns(topicName: TopicName): readonly Column<RankedVoice>[] {
  return [
    text('topic', 'トピックID', ({ topic }) => topic),
    text('topicName', 'トピック', ({ topic }) => topicName(topic)),
    number('voices', '声の数', ({ voices }) => voices),
    number('count', '言及数', ({ count }) => count),
    number('share', '割合', ({ share }) => share),
    number('shareLow', '割合の下限（95%）', ({ interval }) => interval[0]),
    number('shareHigh', '割合の上限（95%）', ({ interval }) => interval[1]),
    number('shrunkShare', '補正した割合', ({ shrunkShare }) => shrunkShare),
    number('sentiment', '平均感情スコア', ({ sentiment }) => sentiment),
    number('severity', '深刻度', ({ severity }) => severity),
    number('customers', '顧客数', ({ customers }) => customers.value),
    number('previous', '前期間の声の数', ({ change }) => change?.previous),
    number('growth', '増加率', ({ change }) => change?.growth),
    number('q', '変化のq値', ({ change }) => change?.q),
    number('npsImpact', 'NPSへの影響', ({ npsImpact }) => npsImpact?.points),
    number('revenueAtRisk', '危険にさらされた月額収益', ({ revenueAtRisk }) => revenueAtRisk?.value),
    time('firstSeen', '初出', ({ firstSeen }) => firstSeen),
    text('opinions', '主な意見', ({ opinions }) => opinions.map(({ key, count }) => `${key} ×${count}`).join('; ')),
    ...[0, 1, 2].map((at) =>
      text<RankedVoice>(`verbatim${at + 1}`, `代表的な声${at + 1}`, ({ verbatims }) => verbatims[at]?.sentence),
    ),
  ];
}

/** Columns of opinions. */
export function opinionColumns(topicName: TopicName): readonly Column<RankedOpinion>[] {
  return [
    text('opinion', '意見', ({ key }) => key),
    number('count', '件数', ({ count }) => count),
    number('previous', '前期間の件数', ({ change }) => change?.previous),
    number('growth', '増加率', ({ change }) => change?.growth),
    number('q', '変化のq値', ({ change }) => change?.q),
    text('topics', 'トピック', ({ topics }) => topics.map(topicName).join('; ')),
  ];
}

/** Columns of emerging opinions and topics. */
export function emergingColumns(topicName: TopicName): readonly Column<EmergingIssue>[] {
  return [
    text('term', '意見またはトピック', ({ term }) => term),
    number('count', '件数', ({ count }) => count),
    number('baselineCount', '基準期間の件数', ({ baselineCount }) => baselineCount),
    number('growth', '増加率', ({ growth }) => growth),
    number('z', 'z値', ({ z }) => z),
    number('q', 'q値', ({ q }) => q),
    text('topics', 'トピック', ({ topics }) => topics.map(topicName).join('; ')),
    text('example', '例', ({ examples }) => examples[0]?.sentence),
  ];
}

/** Columns of scores of survey answers. */
export const scoreColumns: readonly Column<ScoreRow>[] = [
  text('group', '区分', ({ group }) => group),
  text('metric', '指標', ({ metric }) => metric),
  number('score', 'スコア', ({ score }) => score),
  number('low', '下限（95%）', ({ interval }) => interval[0]),
  number('high', '上限（95%）', ({ interval }) => interval[1]),
  number('answers', '回答数', ({ answers }) => answers),
  number('promoters', '推奨者', ({ promoters }) => promoters),
  number('passives', '中立者', ({ passives }) => passives),
  number('detractors', '批判者', ({ detractors }) => detractors),
  number('difference', '差', ({ difference }) => difference),
  number('pValue', 'p値', ({ pValue }) => pValue),
];

/** Columns of what drives the net promoter score. */
export function driverColumns(topicName: TopicName): readonly Column<Driver>[] {
  return [
    text('topic', 'トピックID', ({ topic }) => topic),
    text('topicName', 'トピック', ({ topic }) => topicName(topic)),
    number('answers', '回答数', ({ answers }) => answers),
    number('loudness', '声の大きさ', ({ loudness }) => loudness),
    number('effect', '効果', ({ effect }) => effect),
    number('low', '効果の下限（95%）', ({ interval }) => interval[0]),
    number('high', '効果の上限（95%）', ({ interval }) => interval[1]),
    number('share', '説明する割合', ({ share }) => share),
  ];
}
