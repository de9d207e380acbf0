import { expect, test } from 'vitest';
import { audit, auditCommits, repetitions, type State, type StoredState } from '../../chaos/audit.ts';
import type { SentMessage } from '../../chaos/ledger.ts';
import type { EnrichedEntry, SourceEntry } from '../../chaos/logs.ts';

const topic = 'chat';
const messages: SentMessage[] = [
  piece(0, 'shop/a', 0),
  { number: 1, topic, key: 'k', value: 'bad', fate: 'dead-letter', lane: 0, acknowledgedAt: 1 },
  piece(2, 'shop/a', 1),
  { number: 3, topic, key: 'k', value: null, fate: 'drop', lane: 0, acknowledgedAt: 1 },
  piece(4, 'shop/b', 0),
];

function piece(number: number, key: string, revision: number): SentMessage {
  const record = { key, revision, occurredAt: 500 };
  return { number, topic, key: 'k', value: '{}', fate: 'store', lane: 0, record, acknowledgedAt: 1 };
}

const logged = (number: number, offset = number): SourceEntry => ({
  partition: 'chat/0',
  offset,
  timestamp: 1_000 + offset,
  number,
});

const stored = (number: number, key: string, revision: number, receivedAt = 1_000 + number): [string, StoredState] => [
  key,
  { key, revision, occurredAt: 500, receivedAt, number },
];

const published = (number: number, key: string): EnrichedEntry => ({
  partition: 0,
  key,
  number,
  source: `chat/0/${number}`,
  sourceOffset: number,
});

/** Everything as it must be, with changes. */
function state(changes: Partial<State> = {}): State {
  return {
    ledger: { messages, make: () => piece(9, 'x', 0) },
    source: messages.map(({ number }) => logged(number)),
    stored: new Map([stored(2, 'shop/a', 1), stored(4, 'shop/b', 0)]),
    deadLetters: ['chat/0/1'],
    enriched: [published(0, 'shop/a'), published(2, 'shop/a'), published(4, 'shop/b')],
    ...changes,
  };
}

const found = (changes: Partial<State>) => audit(state(changes)).map(({ invariant }) => invariant);

test('nothing is wrong where nothing is wrong, repetitions included', () => {
  const enriched = [...state().enriched, published(0, 'shop/a'), published(2, 'shop/a')];
  expect(audit(state({ enriched, deadLetters: ['chat/0/1', 'chat/0/1'] }))).toEqual([]);
});

test.each<[string, Partial<State>]>([
  ['what Kafka acknowledged is in its log', { source: state().source.slice(0, 4) }],
  ['every piece is stored', { stored: new Map([stored(2, 'shop/a', 1)]) }],
  ['the newest revision is the stored one', { stored: new Map([stored(0, 'shop/a', 0), stored(4, 'shop/b', 0)]) }],
  ['nothing is stored that was not sent', { stored: new Map([...state().stored, stored(4, 'shop/c', 0)]) }],
  ['every stored record is published', { enriched: state().enriched.slice(0, 2) }],
  ['every bad message is a dead letter', { deadLetters: [] }],
  ['only bad messages are dead letters', { deadLetters: ['chat/0/1', 'chat/0/2'] }],
  ['only bad messages are dead letters', { deadLetters: ['chat/0/1', 'chat/0/77'] }],
  ['enriched records keep the order of their key', { enriched: [...state().enriched].reverse() }],
])('finds that it does not hold: %s', (invariant, changes) => {
  expect(found(changes)).toContain(invariant);
});

test('commits are held against what is stored, diverted or to be dropped', () => {
  expect(auditCommits(state(), new Map([['chat/0', 5]]))).toEqual([]);
  const empty = { stored: new Map(), deadLetters: [] };
  expect(auditCommits(state(empty), new Map([['chat/0', 0]]))).toEqual([]);
  const [violation] = auditCommits(state(empty), new Map([['chat/0', 4]]));
  expect(violation).toMatchObject({ count: 3, examples: ['chat/0/0', 'chat/0/1', 'chat/0/2'] });
  const newer = { stored: new Map([stored(2, 'shop/a', 1)]), deadLetters: [] };
  expect(auditCommits(state(newer), new Map([['chat/0', 1]]))).toEqual([]);
});

test('repetitions are counted, and records that ended with an old revision', () => {
  expect(repetitions(state())).toEqual({ enriched: 0, deadLetters: 0, source: 0, lastIsOlder: 0 });
  const repeated = state({
    source: [...state().source, logged(0, 5)],
    deadLetters: ['chat/0/1', 'chat/0/1'],
    enriched: [...state().enriched, published(0, 'shop/a')],
  });
  expect(repetitions(repeated)).toEqual({ enriched: 1, deadLetters: 1, source: 1, lastIsOlder: 1 });
});
