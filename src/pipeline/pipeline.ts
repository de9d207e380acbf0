import { inheritedHeaders } from '../domain/correlation.ts';
import type { ReceivedMessage } from '../domain/message.ts';
import { andThen, deadLetter, drop, type Outcome, ok, type Verdict } from '../domain/outcome.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import type { RecordPublisher, RecordStore, SaveResult } from '../domain/record-store.ts';
import { channelOfTopic, type TopicNames } from '../domain/topics.ts';
import { noTracer, type Tracer, traced } from '../domain/tracing.ts';
import type { OtherTurn, TurnStore } from '../domain/turn.ts';
import { type DecodeOptions, decode } from './decode.ts';
import { type Arrival, type Enricher, guarded } from './enricher.ts';
import { guard } from './guard.ts';
import { toOtherTurn } from './other-turn.ts';

/** What the pipeline reports as it works. */
export interface PipelineObserver {
  stepTook(step: string, seconds: number): void;
  fieldsIgnored(count: number): void;
  saved(result: SaveResult): void;
}

/** Everything the pipeline works with. */
export interface PipelineOptions extends DecodeOptions {
  readonly topics: TopicNames;
  readonly maxTextLength: number;
  readonly enrich: Enricher;
  readonly store: RecordStore;
  readonly publisher: RecordPublisher;
  /** Keeps agents' and bots' turns, which are context and nothing else. */
  readonly turns: TurnStore;
  readonly observer: PipelineObserver;
  /** Where the spans of the steps go; nowhere when absent. */
  readonly tracer?: Tracer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * What happens to messages: decode > guard > mask > analyze > record > store > publish. One verdict per message in
 * the same order. Throws DependencyError when the store or the publisher cannot be reached; running the same
 * messages again is then safe.
 */
export function createPipeline(options: PipelineOptions) {
  return async (messages: readonly ReceivedMessage[]): Promise<readonly Verdict[]> => {
    const run = stepRunner(options);
    const turns: OtherTurn[] = [];
    const arrivals = await run('decode', () =>
      messages.map((message) => guarded('decode', () => admit(message, options, turns))),
    );
    const records = await run('analyze', () => options.enrich(arrivals));
    if (turns.length > 0) await run('store', () => options.turns.keep(turns));
    return store(messages, records, options, run);
  };
}

/** @param turns takes the turns of agents and bots, which are dropped as feedback */
function admit(message: ReceivedMessage, options: PipelineOptions, turns: OtherTurn[]): Outcome<Arrival> {
  const channel = channelOfTopic(options.topics, message.topic);
  if (channel === undefined) {
    return deadLetter('KOE_TOPIC_UNKNOWN', `no feedback is expected in topic ${message.topic}`, 'decode');
  }
  const decoded = decode(message, options);
  return andThen(decoded, ({ feedback, ignoredFields }) => {
    if (ignoredFields.length > 0) options.observer.fieldsIgnored(ignoredFields.length);
    const limits = { now: options.now(), maxTextLength: options.maxTextLength, channel };
    const wanted = guard(feedback, limits);
    if (wanted.kind === 'drop' && wanted.reason === 'agent-turn') {
      turns.push(...toOtherTurn(feedback, message.timestamp));
    }
    return andThen(wanted, () => {
      const { topic, partition, offset, timestamp } = message;
      return ok({ feedback, origin: { receivedAt: timestamp, topic, partition, offset } });
    });
  });
}

async function store(
  messages: readonly ReceivedMessage[],
  outcomes: readonly Outcome<EnrichedRecord>[],
  options: PipelineOptions,
  run: StepRunner,
): Promise<readonly Verdict[]> {
  const made = messages.flatMap(({ headers }, index) => {
    const outcome = outcomes[index];
    return outcome?.kind === 'ok' ? [{ record: outcome.value, headers }] : [];
  });
  if (made.length === 0) return outcomes.map((outcome) => andThen(outcome, () => ok(undefined)));
  const results = await run('store', () => options.store.save(made.map(({ record }) => record)));
  for (const result of results) options.observer.saved(result);
  const stored = made.filter((_, index) => results[index] !== 'superseded' && results[index] !== 'too-large');
  const refused = await run('publish', () =>
    options.publisher.publish(
      stored.map(({ record }) => record),
      stored.map(({ headers }) => inheritedHeaders(headers)),
    ),
  );
  const verdicts = made.map(({ record }, index) => verdictOn(results[index], refused.includes(record))).values();
  return outcomes.map((outcome) => andThen(outcome, () => verdicts.next().value ?? ok(undefined)));
}

/** A record too large for the topic is stored all the same: it can be queried, and published by a redrive. */
function verdictOn(result: SaveResult | undefined, isRefused: boolean): Verdict {
  if (result === 'superseded') return drop('superseded');
  if (result === 'too-large') {
    return deadLetter('KOE_RECORD_TOO_LARGE', 'not stored: larger than a document of MongoDB may be', 'store');
  }
  if (!isRefused) return ok(undefined);
  const detail =
    'stored, not published: larger than max.message.bytes of the topic of enriched records; redrive it once that is raised';
  return deadLetter('KOE_RECORD_TOO_LARGE', detail, 'publish');
}

type StepRunner = <T>(step: string, work: () => T | Promise<T>) => Promise<T>;

/** Runs steps, each timed and in a span of its own. */
function stepRunner({ observer, tracer = noTracer }: PipelineOptions): StepRunner {
  return (step, work) =>
    traced(tracer, step, {}, async () => {
      const since = performance.now();
      const result = await work();
      observer.stepTook(step, (performance.now() - since) / 1000);
      return result;
    });
}
