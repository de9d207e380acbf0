import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { summarizeConversation, type Turn } from '../../../src/insight/conversation.ts';

const minute = 60_000;
const customer = (id: string, at: number, score?: number, more: Partial<Turn> = {}): Turn => {
  return { id, author: 'customer', at: at * minute, revision: 0, score, ...more };
};
const other = (id: string, at: number, author: 'agent' | 'bot' = 'agent'): Turn => {
  return { id, author, at: at * minute, revision: 0 };
};

describe('how a conversation went', () => {
  test.each([
    ['recovered', [-0.8, 0, 0.7]],
    ['recovered', [0.1, -0.8, 0.6]],
    ['worsened', [0.5, -0.6]],
    ['unresolved', [0, -0.6]],
    ['worsened', [-0.3, -0.9]],
    ['unresolved', [-0.8, 0.1]],
    ['unresolved', [-0.8, -0.7]],
    ['steady', [0.5, 0.6]],
    ['steady', [0, 0.1]],
    ['steady', []],
  ] as const)('%s: %j', (course, scores) => {
    const turns = scores.map((score, index) => customer(`c${index}`, index, score));
    expect(summarizeConversation(turns).course).toBe(course);
  });

  test('agents and bots answer, and are never scored', () => {
    const turns = [
      customer('c1', 0, -0.8),
      other('b1', 1, 'bot'),
      other('a1', 5),
      customer('c2', 8, 0.1),
      other('a2', 9),
      customer('c3', 12, 0.7),
      customer('c4', 20, 0.5),
    ];
    expect(summarizeConversation(turns)).toMatchObject({
      counts: { customer: 4, agent: 2, bot: 1 },
      path: [-0.8, 0.1, 0.7, 0.5],
      start: -0.8,
      end: 0.5,
      course: 'recovered',
      tippedBy: 'c3',
      firstResponseSeconds: 60,
      firstAgentResponseSeconds: 300,
      resolutionSeconds: 720,
    });
  });

  test('what was never judged bad before tips with the steepest fall', () => {
    const turns = [-0.25, -0.4, -0.9].map((score, index) => customer(`c${index}`, index, score));
    expect(summarizeConversation(turns)).toMatchObject({ course: 'worsened', tippedBy: 'c2' });
  });

  test('what an agent says before the customer is no answer', () => {
    const summary = summarizeConversation([other('hello', 0), customer('c', 1, -0.5)]);
    expect(summary.firstResponseSeconds).toBeUndefined();
    expect(summary.resolutionSeconds).toBeUndefined();
  });

  test('numbers order turns where all have one, times where one has none', () => {
    const [first, second] = [customer('a', 5, -0.5, { turn: 0 }), customer('b', 1, 0.5, { turn: 1 })];
    expect(summarizeConversation([second, first]).turns.map(({ id }) => id)).toEqual(['a', 'b']);
    const third = customer('c', 3, 0);
    expect(summarizeConversation([second, first, third]).turns.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  });

  test('a correction replaces what it corrects', () => {
    const turns = [customer('c', 0, -0.9), customer('c', 0, 0.6, { revision: 1 })];
    expect(summarizeConversation(turns).path).toEqual([0.6]);
  });
});

const anyTurn: fc.Arbitrary<Turn> = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    author: fc.constantFrom('customer', 'agent', 'bot'),
    at: fc.integer({ min: 0, max: 5 }).map((seconds) => seconds * 1000),
    revision: fc.nat(2),
    turn: fc.nat(4),
    score: fc.constantFrom(-0.9, -0.3, 0, 0.3, 0.9),
  },
  { requiredKeys: ['id', 'author', 'at', 'revision'] },
);

test('late, repeated and disordered turns end in the same', () => {
  fc.assert(
    fc.property(fc.array(anyTurn, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (turns, keys) => {
      const keyed = [...turns, ...turns.slice(0, 4)].map((turn) => ({ turn, key: keys.next().value }));
      const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ turn }) => turn);
      expect(summarizeConversation(shuffled)).toEqual(summarizeConversation(turns));
    }),
  );
});
