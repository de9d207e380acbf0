import type { TopicFigures } from '../insight/topic-figures.ts';
import type { TopicReport } from '../store/topic-query.ts';
import type { TopicTimelineReport } from '../store/topic-timeline-query.ts';
import { minuteIn } from './period.ts';
import { type Column, lines, percent, percentWithin, signed, textTable } from './table.ts';
import { topicNames } from './topic-names.ts';
import { changeText, comparedLine, pending, unknownTenant } from './voice-table.ts';

const right = (head: string): Column => ({ head, align: 'right' });

const figures = [right('negative (95 %)'), right('praise'), right('requests'), right('sentiment')];

function figureCells({ negativeShare, interval, positive, requests, sentiment }: TopicFigures): (string | number)[] {
  const negative = negativeShare === undefined || interval === undefined ? '-' : percentWithin(negativeShare, interval);
  return [negative, positive, requests, sentiment === undefined ? '-' : signed(sentiment, 2)];
}

/** The taxonomy with how often each topic is spoken of. */
export function topicTable(report: TopicReport, zone: string): string {
  if (!report.isTenantKnown) return unknownTenant;
  const name = topicNames('ja');
  const table = textTable(
    [{ head: 'topic' }, { head: 'id' }, right('feedback'), right('change'), ...figures],
    report.topics.map(({ topic, count, change, ...rest }) => ({
      cells: [
        name(topic),
        topic,
        count,
        change === undefined ? '-' : changeText(change),
        ...figureCells({ count, ...rest }),
      ],
    })),
  );
  return lines([table, facts(report, zone), comparedLine(report), ...pending(report)]);
}

const widestBar = 20;

/** One topic as time goes by, a row a bucket. */
export function timelineTable(report: TopicTimelineReport, zone: string): string {
  if (!report.isTenantKnown) return unknownTenant;
  const most = report.buckets.reduce((largest, { count }) => Math.max(largest, count), 1);
  const table = textTable(
    [{ head: 'from' }, right('feedback'), right('about it'), { head: '' }, ...figures],
    report.buckets.map((bucket) => ({
      cells: [
        `${minuteIn(zone, bucket.since)}${bucket.complete ? '' : ' …'}`,
        bucket.feedback,
        bucket.count,
        '▇'.repeat(Math.round((widestBar * bucket.count) / most)),
        ...figureCells(bucket),
      ],
    })),
  );
  const { topic, count, feedback } = report;
  const share = feedback === 0 ? '' : ` (${percent(count / feedback)})`;
  const about = `${topicNames('ja')(topic)}: ${count}${share} of ${facts(report, zone)}`;
  return lines([table, about, ...pending(report)]);
}

function facts(
  { feedback, since, until }: { readonly feedback: number; readonly since: string; readonly until: string },
  zone: string,
): string {
  return `${feedback} pieces of feedback from ${minuteIn(zone, since)} to ${minuteIn(zone, until)} ${zone}`;
}
