import type { Headers } from './message.ts';

/** What is known of a span beside its name; names follow OpenTelemetry's semantic conventions. Never customers' words. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** How a span begins. */
export interface SpanOptions {
  /** Its side of a conversation with something else; absent for koe's own work. */
  readonly kind?: 'producer' | 'consumer' | 'client';
  readonly attributes?: Attributes;
  /** Headers of a message that it continues; where they hold no trace context, the span it begins in is the parent. */
  readonly parent?: Headers;
  /** Headers of messages that it is about without continuing any of them. */
  readonly links?: readonly Headers[];
}

/** A piece of work on record, from `begin` to `end`. */
export interface Span {
  /** Trace context of this span for messages that come of it; empty when nothing is traced. */
  readonly headers: Headers;
  set(attributes: Attributes): void;
  /** Marks it as failed by the kind of the error; its message stays in the log. */
  fail(error: unknown): void;
  end(): void;
}

/** Records what a process does as spans. Never throws, never waits: whoever is traced must not feel it. */
export interface Tracer {
  /** Whether spans are recorded at all; work for their sake alone is left out otherwise. */
  readonly on: boolean;
  /** Whether the caller is at work within a span. */
  inside(): boolean;
  /** Begins a span that the caller ends. */
  begin(name: string, options?: SpanOptions): Span;
  /** Runs work within a span: spans that begin meanwhile are its children. */
  within<T>(span: Span, work: () => T): T;
}

const noSpan: Span = { headers: {}, set() {}, fail() {}, end() {} };

/** Records nothing. */
export const noTracer: Tracer = {
  on: false,
  inside: () => false,
  begin: () => noSpan,
  within: (_, work) => work(),
};

/** Runs work within a span of its own, which ends with it and fails with what it throws. */
export async function traced<T>(
  tracer: Tracer,
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  if (!tracer.on) return await work(noSpan);
  const span = tracer.begin(name, options);
  try {
    return await tracer.within(span, () => work(span));
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}
