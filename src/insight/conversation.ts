import type { Author } from '../domain/turn.ts';

/** One turn of a conversation; only customers' turns carry a sentiment. */
export interface Turn {
  readonly id: string;
  readonly author: Author;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Its number, where the chat system gives one. */
  readonly turn?: number | undefined;
  readonly revision: number;
  /** From -1 to 1; absent where the turn says nothing of the kind. */
  readonly score?: number | undefined;
}

/**
 * How a conversation went, by its first and last judgement: `recovered` from bad to good, `worsened` to bad or from bad
 * to worse, `unresolved` where a complaint is never followed by anything good, `steady` otherwise.
 */
export const courses = ['recovered', 'worsened', 'unresolved', 'steady'] as const;
export type Course = (typeof courses)[number];

/** A conversation as a whole. Durations are in seconds and absent where there is nothing to measure. */
export interface Conversation {
  /** In their order. */
  readonly turns: readonly Turn[];
  readonly counts: Readonly<Record<Author, number>>;
  /** Scores of the customer's turns, in order. */
  readonly path: readonly number[];
  /** Score of the first and the last turn that judges; 0 if none does. */
  readonly start: number;
  readonly end: number;
  readonly course: Course;
  /** Id of the turn with which it tipped: from which on nothing contradicts the end. */
  readonly tippedBy?: string;
  /** From the customer's first turn to the first answer, whoever gave it. */
  readonly firstResponseSeconds?: number;
  /** Likewise to the first answer of a person. */
  readonly firstAgentResponseSeconds?: number;
  /** From the customer's first turn to the turn with which it recovered. */
  readonly resolutionSeconds?: number;
}

/** Weaker than this a turn judges nothing. */
const judging = 0.2;
/** A fall by at least this much makes bad worse. */
const fall = 0.3;

/**
 * Sums up a conversation. A function of the set of turns: of several with the same id the newest counts, and neither
 * their order nor repetitions change the result. If every turn has a number they are ordered by it, because clocks of
 * different systems disagree; otherwise by time.
 */
export function summarizeConversation(given: Iterable<Turn>): Conversation {
  const turns = inOrder(newestOfEach(given));
  const customers = turns.filter(({ author }) => author === 'customer');
  const judged = customers.flatMap((turn) =>
    turn.score !== undefined && Math.abs(turn.score) >= judging ? [{ ...turn, score: turn.score }] : [],
  );
  const start = judged[0]?.score ?? 0;
  const end = judged.at(-1)?.score ?? 0;
  const course = courseOf(start, end);
  const tip = course === 'recovered' || course === 'worsened' ? tippingTurn(judged) : undefined;
  const [first] = customers;
  const after = (later: Turn | undefined) =>
    first === undefined || later === undefined ? undefined : Math.max(0, Math.round((later.at - first.at) / 1000));
  const answers =
    first === undefined ? [] : turns.slice(turns.indexOf(first)).filter(({ author }) => author !== 'customer');
  const firstResponse = after(answers[0]);
  const firstAgentResponse = after(answers.find(({ author }) => author === 'agent'));
  const resolution = course === 'recovered' ? after(tip) : undefined;
  return {
    turns,
    counts: { customer: customers.length, agent: count(turns, 'agent'), bot: count(turns, 'bot') },
    path: customers.map(({ score = 0 }) => score),
    ...{ start, end, course },
    ...(tip !== undefined && { tippedBy: tip.id }),
    ...(firstResponse !== undefined && { firstResponseSeconds: firstResponse }),
    ...(firstAgentResponse !== undefined && { firstAgentResponseSeconds: firstAgentResponse }),
    ...(resolution !== undefined && { resolutionSeconds: resolution }),
  };
}

function newestOfEach(turns: Iterable<Turn>): Turn[] {
  const newest = new Map<string, Turn>();
  for (const turn of turns) {
    const rival = newest.get(turn.id);
    if (rival === undefined || compareVersions(turn, rival) > 0) newest.set(turn.id, turn);
  }
  return [...newest.values()];
}

/** Total, so that the set alone decides: what is equally new is told apart by what it says. */
function compareVersions(a: Turn, b: Turn): number {
  return (
    a.revision - b.revision || a.at - b.at || compareText(JSON.stringify(contentOf(a)), JSON.stringify(contentOf(b)))
  );
}

function contentOf({ author, turn, score }: Turn): unknown {
  return [author, turn ?? null, score ?? null];
}

function inOrder(turns: readonly Turn[]): Turn[] {
  const numbered = turns.every(({ turn }) => turn !== undefined);
  const number = ({ turn = 0 }: Turn) => (numbered ? turn : 0);
  return [...turns].sort(
    (a, b) => number(a) - number(b) || a.at - b.at || (a.turn ?? 0) - (b.turn ?? 0) || compareText(a.id, b.id),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function courseOf(start: number, end: number): Course {
  if (start < 0 && end > 0) return 'recovered';
  if (start >= 0) return end < 0 ? 'worsened' : 'steady';
  return end <= start - fall ? 'worsened' : 'unresolved';
}

/** The first of the turns at the end that agree with the last; if all agree, the one with the steepest fall. */
function tippingTurn(judged: readonly (Turn & { readonly score: number })[]): Turn | undefined {
  const sign = Math.sign(judged.at(-1)?.score ?? 0);
  const contrary = judged.findLastIndex(({ score }) => Math.sign(score) !== sign);
  if (contrary >= 0) return judged[contrary + 1];
  let steepest = 0;
  let tip = judged[0];
  for (const [index, turn] of judged.entries()) {
    const step = turn.score - (judged[index - 1]?.score ?? turn.score);
    if (step < steepest) [steepest, tip] = [step, turn];
  }
  return tip;
}

function count(turns: readonly Turn[], author: Author): number {
  return turns.filter((turn) => turn.author === author).length;
}
