/** Header values by name; a name may occur several times. */
export type Headers = Readonly<Record<string, readonly Buffer[]>>;

/** One message as Kafka delivered it, bytes untouched. */
export interface ReceivedMessage {
  readonly topic: string;
  readonly partition: number;
  /** Decimal digits of a 64-bit integer. */
  readonly offset: string;
  /** Milliseconds since 1970, as the broker stored it. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  /** `null` is a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Headers;
}

/** One message to send. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Headers;
}
