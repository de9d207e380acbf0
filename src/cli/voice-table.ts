import type { Stance } from '../insight/feedback-counts.ts';
import type { RankedVoice, VoiceReport } from '../store/voice-query.ts';
import { dayIn, minuteIn } from './period.ts';
import { type Column, lines, oneLine, percent, percentWithin, signed, textTable, widthOf } from './table.ts';
import { topicNames } from './topic-names.ts';

const words: Readonly<Record<Stance, { readonly points: string; readonly voices: string }>> = {
  criticism: { points: 'pain points', voices: 'negative' },
  praise: { points: 'praise', voices: 'positive' },
  request: { points: 'requests', voices: 'requests' },
};

/** Longer lines are hard to read, however wide the terminal. */
const widestLine = 130;

/** Columns by decreasing importance: those that do not fit into the terminal are left out from the end. */
function columnsFor(report: VoiceReport): (Column & { readonly cell: (point: RankedVoice) => string })[] {
  const right = { align: 'right' } as const;
  return [
    { head: words[report.stance].voices, ...right, cell: ({ voices, count }) => `${voices}/${count}` },
    { head: 'share (95 %)', ...right, cell: ({ share, interval }) => percentWithin(share, interval) },
    { head: 'change', ...right, cell: ({ change }) => (change === undefined ? '-' : changeText(change)) },
    { head: 'severity', ...right, cell: ({ severity }) => severity.toFixed(1) },
    { head: 'customers', ...right, cell: ({ customers }) => rounded(customers.value, customers.standardError) },
    { head: 'NPS', ...right, cell: ({ npsImpact }) => (npsImpact === undefined ? '-' : signed(npsImpact.points)) },
    {
      head: 'revenue at risk',
      ...right,
      cell: ({ revenueAtRisk: risk }) => (risk === undefined ? '-' : rounded(risk.value, risk.standardError)),
    },
  ];
}

/** The report as a table for a terminal of so many columns, with what a reader must know to read it right below. */
export function voiceTable(report: VoiceReport, columns: number, zone: string): string {
  const period = `${report.feedback} pieces of feedback from ${minuteIn(zone, report.since)} to ${minuteIn(zone, report.until)} ${zone}`;
  if (!report.isTenantKnown) return unknownTenant;
  if (report.points.length === 0) return lines([`No ${words[report.stance].points} in ${period}`, ...pending(report)]);
  const parts = columnsFor(report);
  for (let shown = parts.length; ; shown--) {
    const table = tableOf(report, parts.slice(0, shown), columns, zone);
    const isNarrow = table.split('\n').every((line) => widthOf(line) <= columns);
    if (isNarrow || shown === 2) return lines([table, period, comparedLine(report), ...pending(report)]);
  }
}

function tableOf({ points }: VoiceReport, parts: ReturnType<typeof columnsFor>, columns: number, zone: string): string {
  const name = topicNames('ja');
  return textTable(
    [{ head: '#', align: 'right' }, { head: 'topic' }, ...parts],
    points.map((point, at) => ({
      cells: [at + 1, name(point.topic), ...parts.map(({ cell }) => cell(point))],
      below: belowOf(point, Math.min(columns, widestLine) - 4, zone),
    })),
  );
}

function belowOf(point: RankedVoice, columns: number, zone: string): string {
  const { topic, opinions, attribute = [], verbatims, firstSeen } = point;
  const best = opinions.slice(0, 3).map(({ key, count }) => `${key} ×${count}`);
  const facts = [topic, ...(firstSeen === undefined ? [] : [`since ${dayIn(zone, firstSeen)}`]), ...best].join('  ');
  return [
    oneLine(facts, columns),
    ...attribute.map(({ value, voices, count, share }) =>
      oneLine(`  ${value}: ${voices}/${count}, ${percent(share)}`, columns),
    ),
    ...verbatims.map(({ sentence }) => oneLine(`「${sentence}」`, columns)),
  ].join('\n');
}

/** How something changed: the number before, the direction, and a star where it is surely not chance. */
export function changeText({
  previous,
  q,
  growth = Number.POSITIVE_INFINITY,
}: NonNullable<RankedVoice['change']>): string {
  const arrow = growth > 1 ? '↑' : growth < 1 ? '↓' : '=';
  return `${previous} ${arrow}${q <= 0.05 ? '*' : ' '}`;
}

function rounded(value: number, standardError: number): string {
  const shown = Math.round(value).toLocaleString('en');
  return standardError > 0 ? `${shown} ±${Math.round(1.96 * standardError).toLocaleString('en')}` : shown;
}

/** What the column of changes compares with. */
export function comparedLine({ previousFeedback }: Pick<VoiceReport, 'previousFeedback'>): string {
  return previousFeedback > 0
    ? 'change: from the period of the same length just before, by share of all feedback; * is surely not chance (q ≤ 5 %)'
    : 'change: there is no feedback in the period of the same length just before';
}

/** What is told instead of a report where there is nothing of a tenant. */
export const unknownTenant = 'Nothing of this tenant is stored: is its name right?\n';

/** What is still to be counted. */
export function pending({ hoursPending }: Pick<VoiceReport, 'hoursPending'>): string[] {
  return hoursPending > 0 ? [`${hoursPending} hours are still being counted by the workers; ask again soon`] : [];
}
