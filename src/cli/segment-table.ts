import type { Segment, SegmentReport } from '../store/segment-query.ts';
import { minuteIn } from './period.ts';
import { type Column, lines, percentWithin, signed, textTable } from './table.ts';
import { topicNames } from './topic-names.ts';
import { unknownTenant } from './voice-table.ts';

const right = (head: string): Column => ({ head, align: 'right' });

/** Two segments side by side, then the topics that tell them apart. */
export function segmentTable(report: SegmentReport, zone: string): string {
  if (!report.isTenantKnown) return unknownTenant;
  const { one, other, differences, inBoth, since, until } = report;
  const name = topicNames('ja');
  const figures = textTable(
    [{ head: 'figure' }, right(nameOf(one)), right(nameOf(other)), right('difference'), right('p')],
    figureRows(report).map((cells) => ({ cells })),
  );
  const topics = textTable(
    [{ head: 'topic' }, right(nameOf(one)), right(nameOf(other)), right('log odds'), right('z'), right('q')],
    differences.topics.map((topic) => ({
      cells: [
        name(topic.topic),
        topic.one,
        topic.other,
        signed(topic.logOdds, 2),
        signed(topic.z),
        topic.q.toPrecision(1),
      ],
    })),
  );
  return lines([
    figures,
    ...(differences.topics.length === 0 ? [] : [topics]),
    `from ${minuteIn(zone, since)} to ${minuteIn(zone, until)} ${zone}`,
    ...(inBoth === 0 ? [] : [`${inBoth} pieces of feedback are in both and count in neither`]),
  ]);
}

function nameOf({ attributes }: Segment): string {
  if (attributes === undefined) return 'all others';
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

function figureRows({ one, other, differences }: SegmentReport): (string | number)[][] {
  const each = (cell: (segment: Segment) => string | number) => [cell(one), cell(other)];
  const tested = (difference: { difference: number; pValue: number } | undefined, scale: number, digits: number) =>
    difference === undefined
      ? ['-', '-']
      : [signed(scale * difference.difference, digits), difference.pValue.toPrecision(2)];
  const score = (metric: string) => differences.scores.find((difference) => difference.metric === metric);
  return [
    ['feedback', ...each(({ feedback }) => feedback), '', ''],
    ['customers', ...each(({ customers }) => Math.round(customers.value)), '', ''],
    [
      'negative (95 %)',
      ...each(({ negativeShare: share, interval }) =>
        share === undefined || interval === undefined ? '-' : percentWithin(share, interval),
      ),
      ...tested(differences.negativeShare, 100, 1),
    ],
    [
      'sentiment',
      ...each(({ sentiment }) => (sentiment === undefined ? '-' : signed(sentiment.value, 2))),
      ...tested(differences.sentiment, 1, 2),
    ],
    [
      'NPS (answers)',
      ...each(({ scores: { nps } }) => (nps === undefined ? '-' : `${signed(nps.score)} (${nps.answers})`)),
      ...tested(score('nps'), 1, 1),
    ],
    ...(['csat', 'ces', 'dwb'] as const).flatMap((metric) => {
      const cells = each(({ scores }) => {
        const box = scores[metric];
        return box === undefined ? '-' : percentWithin(box.share, box.interval);
      });
      return cells.every((cell) => cell === '-')
        ? []
        : [[metric.toUpperCase(), ...cells, ...tested(score(metric), 100, 1)]];
    }),
  ];
}
