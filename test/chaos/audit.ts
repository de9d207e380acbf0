import type { Ledger, SentMessage } from './ledger.ts';
import type { EnrichedEntry, Logs, SourceEntry } from './logs.ts';

/** A stored record, as far as the audit looks at it. */
export interface StoredState {
  readonly key: string;
  readonly revision: number;
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly number: number;
}

/** What the servers hold at one moment. */
export interface State extends Logs {
  readonly ledger: Ledger;
  readonly stored: ReadonlyMap<string, StoredState>;
}

/** Something that must not be. */
export interface Violation {
  readonly invariant: string;
  readonly count: number;
  /** A few of them, in words. */
  readonly examples: readonly string[];
}

/** What was done more than once, and what readers of the enriched topic see of it. */
export interface Repetitions {
  readonly enriched: number;
  readonly deadLetters: number;
  /** Messages that Kafka holds more than once because their producer had to send them again. */
  readonly source: number;
  /** Keys of the enriched topic whose last record is not the stored one. */
  readonly lastIsOlder: number;
}

type Version = Pick<StoredState, 'revision' | 'occurredAt' | 'receivedAt'>;

function compareAge(a: Version, b: Version): number {
  return a.revision - b.revision || a.occurredAt - b.occurredAt || a.receivedAt - b.receivedAt;
}

/** Collects what is wrong under the name of the invariant. */
class Findings {
  readonly #found = new Map<string, string[]>();

  add(invariant: string, example: string): void {
    const list = this.#found.get(invariant) ?? [];
    list.push(example);
    this.#found.set(invariant, list);
  }

  violations(): Violation[] {
    return [...this.#found].map(([invariant, all]) => ({ invariant, count: all.length, examples: all.slice(0, 5) }));
  }
}

function messageOf(ledger: Ledger, { number, partition, offset }: SourceEntry): SentMessage {
  const message = ledger.messages[number];
  if (message === undefined) throw new Error(`the log holds a message that nobody sent: ${partition}/${offset}`);
  return message;
}

function placeOf({ partition, offset }: SourceEntry): string {
  return `${partition}/${offset}`;
}

function versionOf(message: SentMessage, { timestamp }: SourceEntry): Version {
  const { revision = 0, occurredAt = 0 } = message.record ?? {};
  return { revision, occurredAt, receivedAt: timestamp };
}

/** Compares what is stored, published and diverted with what was sent, once everything has been handled. */
export function audit(state: State): Violation[] {
  const findings = new Findings();
  auditLog(state, findings);
  auditRecords(state, findings);
  auditDeadLetters(state, findings);
  auditOrder(state, findings);
  return findings.violations();
}

function auditLog({ ledger, source }: State, findings: Findings): void {
  const logged = new Set(source.map(({ number }) => number));
  for (const { number, topic, acknowledgedAt } of ledger.messages) {
    if (acknowledgedAt === undefined || logged.has(number)) continue;
    findings.add('what Kafka acknowledged is in its log', `message ${number} of ${topic}`);
  }
}

function auditRecords({ ledger, source, stored, enriched }: State, findings: Findings): void {
  const winners = new Map<string, { entry: SourceEntry; version: Version; numbers: Set<number> }>();
  for (const entry of source) {
    const message = messageOf(ledger, entry);
    if (message.record === undefined) continue;
    const version = versionOf(message, entry);
    const rival = winners.get(message.record.key);
    const age = rival === undefined ? 1 : compareAge(version, rival.version);
    if (age > 0) winners.set(message.record.key, { entry, version, numbers: new Set([entry.number]) });
    if (age === 0) rival?.numbers.add(entry.number);
  }
  const published = new Set(enriched.map(({ number }) => number));
  for (const [key, { entry, version, numbers }] of winners) {
    const found = stored.get(key);
    const where = `${key}, message ${entry.number} at ${placeOf(entry)}`;
    if (found === undefined) findings.add('every piece is stored', where);
    else if (compareAge(found, version) !== 0 || !numbers.has(found.number)) {
      findings.add('the newest revision is the stored one', `${where}; stored is message ${found.number}`);
    }
    if (![...numbers].some((number) => published.has(number))) findings.add('every stored record is published', where);
  }
  for (const key of stored.keys()) {
    if (!winners.has(key)) findings.add('nothing is stored that was not sent', key);
  }
}

function auditDeadLetters({ ledger, source, deadLetters }: State, findings: Findings): void {
  const letters = new Set(deadLetters);
  for (const entry of source) {
    const place = placeOf(entry);
    const bad = messageOf(ledger, entry).fate === 'dead-letter';
    if (bad && !letters.has(place)) findings.add('every bad message is a dead letter', place);
    if (!bad && letters.has(place)) findings.add('only bad messages are dead letters', place);
    letters.delete(place);
  }
  for (const place of letters) findings.add('only bad messages are dead letters', `${place}, which does not exist`);
}

/** Records of one source key within one partition of the enriched topic, by their first appearance. */
function auditOrder({ ledger, enriched }: State, findings: Findings): void {
  const highest = new Map<string, EnrichedEntry>();
  const seen = new Set<string>();
  for (const entry of enriched) {
    if (seen.has(entry.source)) continue;
    seen.add(entry.source);
    const message = ledger.messages[entry.number];
    const lane = `${entry.partition} ${message?.topic} ${message?.key}`;
    const before = highest.get(lane);
    if (before !== undefined && before.sourceOffset > entry.sourceOffset) {
      findings.add('enriched records keep the order of their key', `${entry.source} came after ${before.source}`);
    } else highest.set(lane, entry);
  }
}

/** What of the messages below the committed offsets is neither stored nor diverted: a crash now would lose it. */
export function auditCommits(state: State, committed: ReadonlyMap<string, number>): Violation[] {
  const findings = new Findings();
  const letters = new Set(state.deadLetters);
  for (const entry of state.source) {
    if (entry.offset >= (committed.get(entry.partition) ?? 0)) continue;
    const message = messageOf(state.ledger, entry);
    if (message.record !== undefined) {
      const found = state.stored.get(message.record.key);
      if (found !== undefined && compareAge(found, versionOf(message, entry)) >= 0) continue;
    } else if (message.fate === 'drop' || letters.has(placeOf(entry))) continue;
    findings.add('nothing is committed before it is stored or diverted', placeOf(entry));
  }
  return findings.violations();
}

/** Counts what was repeated. */
export function repetitions({ source, deadLetters, enriched, stored }: State): Repetitions {
  const last = new Map<string, number>();
  for (const { key, number } of enriched) last.set(key, number);
  return {
    enriched: enriched.length - new Set(enriched.map(({ source }) => source)).size,
    deadLetters: deadLetters.length - new Set(deadLetters).size,
    source: source.length - new Set(source.map(({ number }) => number)).size,
    lastIsOlder: [...last].filter(([key, number]) => stored.get(key)?.number !== number).length,
  };
}
