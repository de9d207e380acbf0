import { expect, test } from 'vitest';
import { type Feedback, feedbackSchema } from '../../../src/domain/feedback.ts';
import { guard } from '../../../src/pipeline/guard.ts';
import { rawFeedback } from '../../support/messages.ts';

const limits = { now: Date.UTC(2026, 10, 2), maxTextLength: 50 };
const feedback = (changes: Record<string, unknown> = {}): Feedback => feedbackSchema.parse(rawFeedback(changes));

test('plausible feedback passes', () => {
  expect(guard(feedback(), limits)).toMatchObject({ kind: 'ok' });
});

test.each([
  ['1970-01-01T00:00:00Z', 'KOE_OCCURRED_AT_TOO_OLD'],
  ['1999-12-31T23:59:59Z', 'KOE_OCCURRED_AT_TOO_OLD'],
  ['2027-11-02T00:00:00Z', 'KOE_OCCURRED_AT_IN_FUTURE'],
  ['2026-11-03T00:00:01Z', 'KOE_OCCURRED_AT_IN_FUTURE'],
])('occurredAt %s is refused', (occurredAt, code) => {
  expect(guard(feedback({ occurredAt }), limits)).toMatchObject({ kind: 'dead-letter', code });
});

test.each(['2000-01-01T00:00:00Z', '2026-11-03T00:00:00Z'])('occurredAt %s passes', (occurredAt) => {
  expect(guard(feedback({ occurredAt }), limits)).toMatchObject({ kind: 'ok' });
});

test.each(['', ' ', '　\n'])('the text %j is empty', (text) => {
  expect(guard(feedback({ text }), limits)).toMatchObject({ kind: 'dead-letter', code: 'KOE_TEXT_EMPTY' });
});

test('a text of the greatest length passes, a longer one is refused', () => {
  expect(guard(feedback({ text: 'あ'.repeat(50) }), limits)).toMatchObject({ kind: 'ok' });
  const longer = guard(feedback({ text: 'あ'.repeat(51) }), limits);
  expect(longer).toMatchObject({ kind: 'dead-letter', code: 'KOE_TEXT_TOO_LONG' });
});

test.each(['agent', 'bot'])('a turn of the %s is unwanted', (author) => {
  const turn = feedback({ conversation: { id: 'c', turn: 1, author } });
  expect(guard(turn, limits)).toEqual({ kind: 'drop', reason: 'agent-turn' });
});

test('a channel that is not the topic’s is refused', () => {
  const outcome = guard(feedback(), { ...limits, channel: 'chat' });
  expect(outcome).toMatchObject({ kind: 'dead-letter', code: 'KOE_CHANNEL_MISMATCH' });
});
