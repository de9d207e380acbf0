import type { Groups } from '../coordinator/groups.ts';
import type { Transactions } from '../coordinator/transactions.ts';
import { type Attempt, attempt, KafkaError } from '../protocol/errors.ts';
import type { Reader, Writer } from '../protocol/wire.ts';
import type { Topics } from '../storage/topics.ts';

/** What the handlers work on: the state of the broker and its settings. */
export interface BrokerParts {
  readonly clusterId: string;
  readonly topics: Topics;
  readonly groups: Groups;
  readonly transactions: Transactions;
  readonly defaultPartitions: number;
  readonly autoCreateTopics: boolean;
}

/** One request besides its body. */
export interface RequestInfo {
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** Where clients are told to find this broker. */
  readonly advertised: { readonly host: string; readonly port: number };
  /** An error code to refuse everything in the request with: fault injection. */
  readonly refusal: number | undefined;
  /** Aborted when the client is gone. */
  readonly gone: AbortSignal;
}

/** What happens after a handler: its reply is sent, nothing is sent (acks 0), or the connection is closed. */
export type Outcome = 'reply' | 'silence' | 'hang-up';

/** One request type of the protocol, in the versions answered here. */
export interface Api {
  readonly key: number;
  readonly name: string;
  /** Lowest and highest version; all are below the first flexible one (KIP-482). */
  readonly versions: readonly [lowest: number, highest: number];
  /** Reads the request's body and writes the response's; throws MalformedRequestError on garbage. */
  handle(parts: BrokerParts, request: RequestInfo, input: Reader, output: Writer): Outcome | Promise<Outcome>;
}

/** The number of this broker, the only one of its cluster. */
export const NODE_ID = 1;

/** The leader epoch of every partition: its leader never changes. */
export const LEADER_EPOCH = 0;

/** Runs one item of a request, unless a fault refuses it; a KafkaError becomes its answer. */
export function attemptFor<T>({ refusal }: RequestInfo, run: () => T): Attempt<T> {
  return attempt(() => {
    if (refusal !== undefined) throw new KafkaError(refusal, 'Refused by fault injection.');
    return run();
  });
}

/** As `attemptFor`, for an item that settles later. */
export async function attemptLater<T>(request: RequestInfo, run: () => Promise<T>): Promise<Attempt<T>> {
  const started = attemptFor(request, run);
  if (started.value === undefined) return started;
  const settled = await started.value.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
  return attempt(settled);
}
