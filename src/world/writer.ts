import type { Feedback } from '../domain/feedback.ts';
import type { Channel } from '../domain/labels.ts';
import { appVersions } from './catalogue.ts';
import type { Dice } from './dice.ts';
import { factsOf, worldTenant } from './facts.ts';
import { aboutWhat, recommendation } from './habits.ts';
import type { PhraseBook, PhraseStance } from './phrase-book.ts';
import type { Customer } from './population.ts';
import { instant } from './timing.ts';
import { fillIn, type Scene, sceneIn, written } from './wording.ts';

/** Something that is said: a phrase of the book. */
export interface Remark {
  readonly theme: string;
  readonly stance: PhraseStance;
}

/** Who says something, when and where. */
export interface Occasion {
  readonly customer: Customer;
  /** Whether nobody knows who said it. */
  readonly isAnonymous?: boolean;
  /** Added to the answer to the recommendation question. */
  readonly temper?: number;
  readonly at: number;
  readonly channel: Channel;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Writes the feedback of one part of a world; ids begin with the name of the part. */
export interface Writer {
  /** Feedback of some remarks, with a rating or a score that goes with them. */
  piece(occasion: Occasion, remarks: readonly Remark[]): Feedback;
  /** A chat: what the customer says, an agent's answer, and often what comes of it. */
  conversation(occasion: Omit<Occasion, 'channel'>, remarks: readonly Remark[]): Feedback[];
}

/** How a first remark may begin. */
const leads = {
  '-': ['正直、', '残念ながら、', 'やはり', '今回', 'はっきり言って', '最近、'],
  '+': ['今回も、', '本当に、', 'うれしいことに、', 'やはり', '毎回思いますが、'],
  '?': ['ところで、', '一つお聞きします。', '何度もすみません。'],
  '0': [''],
} as const;

/** Begins to write with dice of its own. */
export function createWriter(part: string, book: PhraseBook, dice: Dice, end: number): Writer {
  const { outage } = factsOf(end);
  let number = 0;
  const nextId = () => {
    number++;
    return `${part}-${String(number).padStart(5, '0')}`;
  };
  const versionAt = (at: number) => {
    if (at >= outage.until) return appVersions.mended;
    return at >= outage.from ? appVersions.broken : appVersions.before;
  };
  const phrases = (remarks: readonly Remark[], scene: Scene) =>
    remarks.map(({ theme, stance }) => book.draw(theme, stance, dice)).map((words) => ({ words, scene }));

  const piece = (occasion: Occasion, remarks: readonly Remark[]): Feedback => {
    const { customer, at, channel, isAnonymous = false, temper = 0 } = occasion;
    const scene = sceneIn(customer.region, dice);
    const said = phrases(remarks, scene);
    const opening = { chat: 'greeting', review: 'opening', survey: 'opening' }[channel];
    const opens = dice.chance({ chat: 0.4, review: 0.35, survey: 0.1 }[channel]);
    const closes = channel === 'chat' && dice.chance(0.25);
    const words = [
      ...(opens ? [book.draw(opening, '0', dice)] : []),
      ...said.map((one) => one.words),
      ...(closes ? [book.draw('closing', '0', dice)] : []),
    ];
    const all = words.join('');
    const has = (what: 'store' | 'product') =>
      all.includes(`{${what}}`) || remarks.some(({ theme }) => aboutWhat(theme) === what);
    const stances = remarks.map(({ stance }) => stance);
    const mood = moodOf(stances);
    const sentences = words.map((one, at) => {
      const lead = at === Number(opens) && dice.chance(0.22) ? dice.pick(leads[stances[0] ?? '0']) : '';
      return lead + fillIn(one, scene, dice);
    });
    return {
      id: nextId(),
      tenant: worldTenant,
      channel,
      occurredAt: instant(at),
      text: written(sentences, mood, dice),
      ...(!isAnonymous && { customerId: customer.id }),
      ...(channel === 'review' && { rating: { value: ratingOf(stances, dice), min: 1, max: 5 } }),
      ...(channel === 'survey' && { survey: surveyOf(remarks, dice, temper) }),
      attributes: {
        region: customer.region,
        ...(!isAnonymous && { plan: customer.plan ?? 'none' }),
        ...(has('store') && { store: scene.store }),
        ...(has('product') && { product: scene.product[0] }),
        ...(channel === 'chat' && { version: versionAt(at) }),
        ...occasion.attributes,
      },
      source: { system: { chat: 'helpdesk', review: 'shop', survey: 'survey' }[channel] },
    };
  };

  return {
    piece,
    conversation(occasion, remarks) {
      const { customer } = occasion;
      const first = piece({ ...occasion, channel: 'chat' }, remarks);
      const { id } = first;
      const turns: Feedback[] = [{ ...first, conversation: { id, turn: 0, author: 'customer' } }];
      let { at } = occasion;
      const say = (author: 'customer' | 'agent', words: string) => {
        at += dice.whole(author === 'agent' ? 60 : 30, 400) * 1000;
        const turn = turns.length;
        const { rating, survey, ...common } = first;
        const text = fillIn(words, sceneIn(customer.region, dice), dice);
        turns.push({
          ...common,
          ...{ id: `${id}-${turn}`, occurredAt: instant(at), text, conversation: { id, turn, author } },
        });
      };
      for (let rounds = dice.weighted([[0, 4] as const, [1, 5] as const, [2, 1] as const]); rounds > 0; rounds--) {
        say('agent', book.draw('agent', '0', dice));
        const stance = dice.weighted([['+', 5] as const, ['?', 3] as const, ['-', 2] as const]);
        const word = dice.chance(0.4) ? dice.pick(['はい、', 'ええと、', 'なるほど、', 'ああ、', 'そうですか、']) : '';
        say('customer', word + book.draw('followup', stance, dice));
      }
      return turns;
    },
  };

  function surveyOf(remarks: readonly Remark[], own: Dice, temper: number): NonNullable<Feedback['survey']> {
    if (own.chance(0.12)) {
      return {
        question: 'お買い物の満足度',
        metric: 'csat',
        score: ratingOf(
          remarks.map(({ stance }) => stance),
          own,
        ),
        min: 1,
        max: 5,
      };
    }
    const question = '親しい人にすすめる可能性はどのくらいありますか';
    return { question, metric: 'nps', score: recommendation(remarks, own, temper), min: 0, max: 10 };
  }
}

function moodOf(stances: readonly PhraseStance[]): '+' | '-' | '0' {
  if (stances.every((stance) => stance === '+')) return '+';
  return stances.every((stance) => stance === '-') ? '-' : '0';
}

function ratingOf(stances: readonly PhraseStance[], dice: Dice): number {
  const mood = moodOf(stances);
  if (mood === '+') return dice.whole(4, 5);
  return mood === '-' ? dice.whole(1, 2) : dice.whole(3, 4);
}
