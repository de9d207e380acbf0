import type { Channel } from '../domain/labels.ts';
import type { Dice } from './dice.ts';
import type { PhraseStance } from './phrase-book.ts';

/** What is spoken of on an ordinary day: how often in each channel, and how. */
interface Habit {
  readonly often: Readonly<Record<Channel, number>>;
  /** Chances of criticism, praise and questions; a channel changes them, see {@link leaning}. */
  readonly stances: Readonly<Record<'-' | '+' | '?', number>>;
  /** What goes into the attributes with it. */
  readonly about?: 'store' | 'product';
}

const habit = (
  [chat, review, survey]: readonly [number, number, number],
  [criticism, praise, question]: readonly [number, number, number],
  about?: Habit['about'],
): Habit => ({
  often: { chat, review, survey },
  stances: { '-': criticism, '+': praise, '?': question },
  ...(about !== undefined && { about }),
});

const habits = {
  delivery: habit([8, 9, 9], [0.22, 0.6, 0.18]),
  quality: habit([2, 16, 6], [0.3, 0.66, 0.04], 'product'),
  defect: habit([6, 5, 1], [0.75, 0.1, 0.15], 'product'),
  usability: habit([3, 7, 5], [0.4, 0.45, 0.15]),
  design: habit([0, 9, 3], [0.25, 0.7, 0.05], 'product'),
  feature: habit([3, 4, 5], [0.2, 0.4, 0.4]),
  assortment: habit([4, 4, 6], [0.35, 0.45, 0.2]),
  taste: habit([0, 14, 7], [0.3, 0.68, 0.02]),
  price: habit([1, 7, 9], [0.5, 0.46, 0.04]),
  billing: habit([10, 0, 2], [0.7, 0.05, 0.25]),
  information: habit([5, 3, 4], [0.4, 0.3, 0.3]),
  account: habit([9, 0, 1], [0.65, 0.05, 0.3]),
  contract: habit([7, 0, 3], [0.4, 0.2, 0.4]),
  return: habit([6, 2, 2], [0.45, 0.35, 0.2]),
  reservation: habit([5, 2, 4], [0.4, 0.35, 0.25], 'store'),
  loyalty: habit([3, 2, 6], [0.4, 0.45, 0.15]),
  support: habit([4, 3, 8], [0.45, 0.5, 0.05]),
  staff: habit([0, 6, 14], [0.25, 0.75, 0], 'store'),
  waiting: habit([0, 3, 1], [0.75, 0.25, 0], 'store'),
  facility: habit([0, 2, 0.5], [0.3, 0.6, 0.1], 'store'),
  cleanliness: habit([0, 3, 4], [0.35, 0.65, 0], 'store'),
  location: habit([0, 2, 4], [0.35, 0.55, 0.1], 'store'),
  environment: habit([0, 3, 5], [0.3, 0.7, 0], 'store'),
  privacy: habit([2, 0, 1], [0.5, 0.1, 0.4]),
  safety: habit([0.2, 0.3, 0.1], [0.5, 0.4, 0.1], 'product'),
  overall: habit([0, 4, 0], [0.3, 0.7, 0]),
} as const satisfies Record<string, Habit>;

/** What people speak of: topics of the taxonomy. */
export type Theme = keyof typeof habits;

/** Who writes in a chat wants something; who writes a review seldom asks. */
const leaning: Readonly<Record<Channel, Readonly<Record<'-' | '+' | '?', number>>>> = {
  chat: { '-': 1, '+': 0.12, '?': 2 },
  review: { '-': 1, '+': 1, '?': 0.3 },
  survey: { '-': 1, '+': 1, '?': 0.5 },
};

const themes = Object.keys(habits) as Theme[];

/**
 * Something to speak of in a channel.
 *
 * @param more by how much more often than usual each theme comes up; 1 when absent
 */
export function someTheme(channel: Channel, dice: Dice, more: Partial<Record<Theme, number>> = {}): Theme {
  return dice.weighted(themes.map((theme) => [theme, habits[theme].often[channel] * (more[theme] ?? 1)] as const));
}

/** How somebody speaks of a theme in a channel. @param criticism chance of criticism instead of the usual one */
export function someStance(theme: Theme, channel: Channel, dice: Dice, criticism?: number): '-' | '+' | '?' {
  const { stances } = habits[theme];
  const rest = criticism === undefined ? 1 : (1 - criticism) / (1 - stances['-']);
  return dice.weighted(
    (['-', '+', '?'] as const).map((stance) => {
      const usual = stance === '-' ? (criticism ?? stances['-']) : stances[stance] * rest;
      return [stance, usual * leaning[channel][stance]] as const;
    }),
  );
}

/** Whether what is said of a theme is about a shop or a product. */
export function aboutWhat(theme: string): Habit['about'] {
  return (habits as Readonly<Record<string, Habit>>)[theme]?.about;
}

/** How a recommendation from 0 to 10 moves with what is said: what drives the NPS of this world. */
const pulls: Readonly<Record<string, number>> = {
  'waiting-': -4.5,
  'waiting+': 0.6,
  'staff-': -1.6,
  'staff+': 1.4,
  'support-': -2,
  'support+': 0.9,
  'delivery-': -1.2,
  'delivery+': 0.5,
  'taste-': -0.9,
  'taste+': 0.8,
  'facility-': 0,
  'facility+': 0,
};

/** The answer to the recommendation question of somebody who says this. @param temper added to it, 0 as a rule */
export function recommendation(
  said: readonly { theme: string; stance: PhraseStance }[],
  dice: Dice,
  temper = 0,
): number {
  const usual = { '-': -0.7, '+': 0.4, '?': 0, '0': 0 } as const;
  const pull = said.reduce((sum, { theme, stance }) => sum + (pulls[theme + stance] ?? usual[stance]), 0);
  return Math.max(0, Math.min(10, Math.round(7.9 + temper + pull + 1.1 * dice.normal())));
}
