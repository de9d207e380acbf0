import type { Settings } from '../config/settings.ts';
import type { ReceivedMessage } from '../domain/message.ts';
import type { DropReason, Outcome, Verdict } from '../domain/outcome.ts';
import type { KafkaConnection } from '../kafka/connection.ts';
import { type RangeBound, readRanges, topicRanges } from '../kafka/read-range.ts';
import type { createPipeline } from '../pipeline/pipeline.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createPace } from './pace.ts';
import { retryPolicy, untilAvailable } from './until-available.ts';

/** What to replay, and how fast. */
export interface ReplayOptions {
  /** A topic of raw feedback. */
  readonly topic: string;
  readonly from: RangeBound;
  /** The end of the topic as it is now when absent. */
  readonly to?: RangeBound | undefined;
  /** Messages a second at most. */
  readonly perSecond?: number | undefined;
  /** Ends the replay after the messages in hand. */
  readonly signal: AbortSignal;
}

/** A message that the pipeline refuses, as it did or would have done when it came. */
export interface Refusal {
  readonly message: ReceivedMessage;
  readonly rejection: Extract<Outcome<never>, { kind: 'dead-letter' }>;
}

/** How far a replay is; the same object is brought forward with every page. */
export interface ReplayProgress {
  /** Offsets in the range. */
  readonly total: number;
  /** Offsets passed. */
  readonly passed: number;
  readonly enriched: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly refused: number;
  /** Where to go on, by partition; those that are done are left out. */
  readonly rest: ReadonlyMap<number, bigint>;
}

/** What a replay works with. */
export interface ReplayParts {
  readonly settings: Settings;
  readonly connection: KafkaConnection;
  readonly handle: ReturnType<typeof createPipeline>;
  readonly logger: Logger;
}

/**
 * Sends messages of a topic through the pipeline once more, without a group and without touching any offset. Records
 * are written again under their tenant and id, unless a newer revision is stored. Refused messages are reported and
 * not sent to the dead letters a second time. Yields after every page; when the signal ends it, `rest` is not empty.
 *
 * @throws DependencyError or OutageError; everything up to the last progress is done, the rest can be gone on with
 */
export async function* replay(
  { topic, from, to, perSecond, signal }: ReplayOptions,
  { settings, connection, handle, logger }: ReplayParts,
): AsyncGenerator<{ readonly progress: ReplayProgress; readonly refusals: readonly Refusal[] }> {
  const ranges = await topicRanges(connection, topic, { from, to });
  const rest = new Map(ranges.filter(({ from, to }) => from < to).map(({ partition, from }) => [partition, from]));
  const sum = (count: (range: (typeof ranges)[number]) => bigint) =>
    Number(ranges.reduce((total, range) => total + (range.from < range.to ? count(range) : 0n), 0n));
  const total = sum(({ from, to }) => to - from);
  const passed = () => total - sum(({ partition, to }) => to - (rest.get(partition) ?? to));
  const dropped: Partial<Record<DropReason, number>> = {};
  let enriched = 0;
  let refused = 0;
  const progress = (): ReplayProgress => ({ total, passed: passed(), enriched, dropped, refused, rest });
  yield { progress: progress(), refusals: [] };

  const pace = createPace(perSecond, signal);
  const messages = Math.min(settings.KOE_BATCH_MESSAGES, perSecond ?? Number.POSITIVE_INFINITY);
  const inTime = ({ timestamp }: ReceivedMessage) => typeof to !== 'number' || timestamp < to;
  for (const range of ranges) {
    for await (const page of readRanges(connection, topic, [range], { messages, bytes: 4 * 1024 * 1024 })) {
      const wanted = page.messages.filter(inTime);
      await pace(wanted.length);
      if (signal.aborted) return;
      const verdicts =
        wanted.length === 0 ? [] : await untilAvailable(() => handle(wanted), retryPolicy(settings), logger);
      const refusals = wanted.flatMap((message, index) => refusalOf(message, verdicts[index]));
      for (const verdict of verdicts) {
        if (verdict.kind === 'ok') enriched++;
        if (verdict.kind === 'drop') dropped[verdict.reason] = (dropped[verdict.reason] ?? 0) + 1;
      }
      refused += refusals.length;
      rest.set(range.partition, page.next);
      yield { progress: progress(), refusals };
    }
    rest.delete(range.partition);
  }
  yield { progress: progress(), refusals: [] };
}

function refusalOf(message: ReceivedMessage, verdict: Verdict | undefined): Refusal[] {
  return verdict?.kind === 'dead-letter' ? [{ message, rejection: verdict }] : [];
}
