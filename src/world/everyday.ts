import type { Feedback } from '../domain/feedback.ts';
import { poissonNumber } from '../insight/seeded-random.ts';
import { westernRegions } from './catalogue.ts';
import { diceFor } from './dice.ts';
import { factsOf } from './facts.ts';
import { someStance, someTheme, type Theme } from './habits.ts';
import type { PhraseBook } from './phrase-book.ts';
import { type Customer, isThere } from './population.ts';
import { dayMs, midnightBefore, someTimeOf } from './timing.ts';
import { createWriter, type Remark } from './writer.ts';

/** Pieces of feedback on an ordinary day; a chat counts once and has one to five turns. */
const daily = { chat: 11, review: 16, survey: 16 } as const;
/** Part of it that nobody signs: most who write reviews and answer surveys do not say who they are. */
const anonymous = { chat: 0.45, review: 0.65, survey: 0.6 } as const;
/** Who is known here complains seldom, except over troubles that are told apart. */
const contentment = 0.5;
/** What subscribers said on a day of the months before. */
const earlier = 4;

/** What an everyday day is made of. */
export interface EverydaySettings {
  readonly seed: number;
  readonly end: number;
  readonly customers: readonly Customer[];
  readonly book: PhraseBook;
  /** Part of the usual amount, 1 for all. */
  readonly share: number;
}

/** What is said on one day, number 0 being the one on which the world ends, without what happens once. */
export function* feedbackOfDay(number: number, settings: EverydaySettings): Generator<Feedback> {
  const { seed, end, customers, book, share } = settings;
  const dice = diceFor(seed, `day ${number}`);
  const writer = createWriter(`day${String(number).padStart(2, '0')}`, book, dice, end);
  const midnight = midnightBefore(end) - number * dayMs;
  const there = customers.filter((customer) => isThere(customer, midnight) && isThere(customer, midnight + dayMs));
  const { drift } = factsOf(end);
  for (const channel of ['chat', 'review', 'survey'] as const) {
    for (let left = poissonNumber(daily[channel] * share, dice.next); left > 0; left--) {
      const customer = dice.pick(there);
      const isAnonymous = dice.chance(anonymous[channel]);
      const at = someTimeOf(midnight, dice);
      const progress = (at - drift.from) / (drift.until - drift.from);
      const slower = westernRegions.includes(customer.region) ? Math.max(0, Math.min(1, progress)) : 0;
      const remark = (): Remark => {
        const theme: Theme = someTheme(channel, dice, { delivery: 1 + 4 * slower });
        if (theme === drift.topic && slower > 0) {
          return { theme, stance: someStance(theme, channel, dice, 0.25 + 0.7 * slower) };
        }
        const stance = someStance(theme, channel, dice);
        const isSpared = stance === '-' && !isAnonymous && dice.chance(contentment);
        return { theme, stance: isSpared ? someStance(theme, channel, dice) : stance };
      };
      if (channel === 'survey') {
        yield writer.piece({ customer, at, channel, isAnonymous }, surveyRemarks(remark, dice));
      } else if (channel === 'review') {
        const count = dice.weighted([[1, 4] as const, [2, 5] as const, [3, 1] as const]);
        yield writer.piece({ customer, at, channel, isAnonymous }, distinct(Array.from({ length: count }, remark)));
      } else {
        yield* writer.conversation(
          { customer, at, isAnonymous },
          distinct(Array.from({ length: dice.chance(0.25) ? 2 : 1 }, remark)),
        );
      }
    }
  }
}

/** What subscribers said on one day of the months before the world is told in full. */
export function* feedbackOfEarlierDay(
  number: number,
  { seed, end, customers, book, share }: EverydaySettings,
): Generator<Feedback> {
  const dice = diceFor(seed, `day ${number}`);
  const writer = createWriter(`day${number}`, book, dice, end);
  const midnight = midnightBefore(end) - number * dayMs;
  const there = customers.filter(
    (one) => one.plan !== undefined && isThere(one, midnight) && isThere(one, midnight + dayMs),
  );
  if (there.length === 0) return;
  for (let left = poissonNumber(earlier * share, dice.next); left > 0; left--) {
    const channel = dice.weighted([['chat', 1] as const, ['review', 2] as const, ['survey', 2] as const]);
    const theme = someTheme(channel, dice);
    const stance = dice.chance(0.2) ? '-' : someStance(theme, channel, dice, 0);
    yield writer.piece({ customer: dice.pick(there), at: someTimeOf(midnight, dice), channel }, [{ theme, stance }]);
  }
}

/** Who waited blames the narrow shop along with it; the narrow shop alone costs nothing. */
function surveyRemarks(remark: () => Remark, dice: ReturnType<typeof diceFor>): Remark[] {
  const waited: Remark = { theme: 'waiting', stance: '-' };
  const narrow: Remark = { theme: 'facility', stance: '-' };
  const others = () => distinct(Array.from({ length: dice.chance(0.5) ? 2 : 1 }, remark));
  const kind = dice.weighted([
    ['waited', 9] as const,
    ['both', 11] as const,
    ['narrow', 10] as const,
    ['other', 70] as const,
  ]);
  if (kind === 'waited') return dice.chance(0.3) ? distinct([waited, remark()]) : [waited];
  if (kind === 'both') return [waited, narrow];
  if (kind === 'narrow') return distinct([narrow, ...(dice.chance(0.6) ? [remark()] : [])]);
  return others();
}

/** One remark on each theme. */
function distinct(remarks: readonly Remark[]): Remark[] {
  return remarks.filter(({ theme }, at) => remarks.findIndex((one) => one.theme === theme) === at);
}
