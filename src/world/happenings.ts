import type { Feedback } from '../domain/feedback.ts';
import { appVersions } from './catalogue.ts';
import { type Dice, diceFor } from './dice.ts';
import type { EverydaySettings } from './everyday.ts';
import { factsOf, type Stretch, worldTenant } from './facts.ts';
import { type Customer, isThere } from './population.ts';
import { dayMs, hourMs, instant } from './timing.ts';
import { createWriter, type Remark } from './writer.ts';

type Settings = Omit<EverydaySettings, 'share'>;

const outageChats = 95;
const bottleReviews = 38;
const giftChats = 150;

/** What happens once in a world. */
export function* happenings(settings: Settings): Generator<Feedback> {
  yield* outage(settings);
  yield* bottle(settings);
  yield* gifts(settings);
  yield* advertisements(settings);
  yield* copies(settings);
  yield* conversations(settings);
  yield* urgent(settings);
  yield* troubles(settings);
}

/** Many at first, fewer until the app is mended. */
function* outage({ seed, end, customers, book }: Settings): Generator<Feedback> {
  const dice = diceFor(seed, 'outage');
  const { outage: fact } = factsOf(end);
  const writer = createWriter('outage', book, dice, end);
  for (let left = outageChats; left > 0; left--) {
    const at = fact.from + Math.floor(dice.next() ** 1.8 * (fact.until - fact.from));
    yield* writer.conversation({ customer: someone(customers, at, dice), at }, [{ theme: 'outage', stance: '-' }]);
  }
}

/** More each day, as more people have the bottle. */
function* bottle({ seed, end, customers, book }: Settings): Generator<Feedback> {
  const dice = diceFor(seed, 'bottle');
  const { bottle: fact } = factsOf(end);
  const writer = createWriter('bottle', book, dice, end);
  for (let left = bottleReviews; left > 0; left--) {
    const at = fact.from + Math.floor(Math.sqrt(dice.next()) * (fact.until - fact.from));
    const occasion = { customer: someone(customers, at, dice), at, channel: 'review' as const };
    yield writer.piece({ ...occasion, attributes: { product: fact.product } }, [{ theme: 'lid', stance: '-' }]);
  }
}

function* gifts({ seed, end, customers, book }: Settings): Generator<Feedback> {
  const dice = diceFor(seed, 'gifts');
  const writer = createWriter('gift', book, dice, end);
  for (let left = giftChats; left > 0; left--) {
    const at = someTimeIn(factsOf(end).gifts, dice);
    const occasion = { customer: someone(customers, at, dice), at, channel: 'chat' as const };
    yield writer.piece(occasion, [{ theme: 'gift', stance: '?' }]);
  }
}

/** Nobody known posts them. */
function* advertisements({ seed, end, customers, book }: Settings): Generator<Feedback> {
  const dice = diceFor(seed, 'advertisements');
  const { advertisements: fact } = factsOf(end);
  const writer = createWriter('advertisement', book, dice, end);
  for (let left = fact.count; left > 0; left--) {
    const occasion = { customer: dice.pick(customers), at: someTimeIn(fact, dice), channel: 'review' as const };
    const { customerId, attributes, ...piece } = writer.piece(occasion, [{ theme: 'advertisement', stance: '0' }]);
    yield { ...piece, rating: { value: 5, min: 1, max: 5 } };
  }
}

function* copies({ seed, end, customers, book }: Settings): Generator<Feedback> {
  const dice = diceFor(seed, 'copies');
  const { copies: fact } = factsOf(end);
  const writer = createWriter('copy', book, dice, end);
  const customer = customers.find(({ id }) => id === fact.customer) ?? dice.pick(customers);
  const text = '注文した保温ポットの蓋に傷があり、返品の送料まで払わされました。納得できません';
  for (let left = fact.count; left > 0; left--) {
    const occasion = { customer, at: someTimeIn(fact, dice), channel: 'review' as const };
    yield { ...writer.piece(occasion, [{ theme: 'return', stance: '-' }]), text: text + '！'.repeat(dice.whole(0, 3)) };
  }
}

const recovers = [
  ['customer', '届いた電気ケトルの電源が入りません。とても困っています。'],
  ['agent', 'ご不便をおかけして申し訳ございません。コンセントの場所を変えてもお使いになれませんか。'],
  ['customer', '試しましたが、やはり動きません。'],
  ['agent', '代わりの品を本日お送りいたします。動かない品は配達の者にお渡しください。'],
  ['customer', '親切に対応していただき、ありがとうございます。安心しました。'],
] as const;

const worsens = [
  ['customer', 'このアプリはとても使いやすくて大好きです。定期便の日付はどこで変えられますか？'],
  ['agent', 'お問い合わせありがとうございます。設定の画面をご覧ください。'],
  ['customer', '設定の画面にはありません。見にくくて困ります。'],
  ['agent', '設定の画面をご覧ください。'],
  ['customer', '同じ返事ばかりで、まったく話になりません。対応がひどすぎます。'],
] as const;

function* conversations({ seed, end, customers }: Settings): Generator<Feedback> {
  const dice = diceFor(seed, 'conversations');
  const names = factsOf(end).conversations;
  const told = [
    [names.recovers, recovers, end - 3 * dayMs],
    [names.worsens, worsens, end - 2 * dayMs],
  ] as const;
  for (const [id, turns, from] of told) {
    const customer = someone(customers, end, dice);
    for (const [turn, [author, text]] of turns.entries()) {
      yield {
        ...{ id: `${id}-${turn}`, tenant: worldTenant, channel: 'chat', text, customerId: customer.id },
        occurredAt: instant(from + turn * 240_000),
        conversation: { id, turn, author },
        attributes: { region: customer.region, plan: customer.plan ?? 'none', version: appVersions.before },
        source: { system: 'helpdesk' },
      };
    }
  }
}

/** Two who cannot wait: a customer of the dearest plan who wants to leave, and somebody whose pot began to smoke. */
function* urgent({ seed, end, customers, book }: Settings): Generator<Feedback> {
  const dice = diceFor(seed, 'urgent');
  const writer = createWriter('urgent', book, dice, end);
  const fact = factsOf(end).leaver;
  const customer = customers.find(({ id }) => id === fact.customer) ?? dice.pick(customers);
  const leaving = { customer, at: end - 20 * hourMs, channel: 'chat' as const };
  yield {
    ...writer.piece(leaving, []),
    text: '請求の間違いが三度目です。対応に失望しました。今月で定期便を解約します。',
  };
  const smoking = { customer: someone(customers, end, dice), at: end - 30 * hourMs, channel: 'chat' as const };
  const piece = writer.piece({ ...smoking, attributes: { product: 'T-301' } }, []);
  yield { ...piece, text: '保温ポットのコードから煙が出て、焦げ臭いにおいがします。使い続けるのが怖いです。' };
}

/** What subscribers complain of before some of them leave. */
function* troubles({ seed, end, customers, book }: Settings): Generator<Feedback> {
  const dice = diceFor(seed, 'troubles');
  const writer = createWriter('trouble', book, dice, end);
  for (const customer of customers) {
    for (const { theme, complaints, saysSo } of customer.troubles) {
      for (const [number, at] of complaints.entries()) {
        const isLast = number === complaints.length - 1;
        const remarks: Remark[] = [{ theme, stance: '-' }];
        if (saysSo && isLast) remarks.push({ theme: 'leaving', stance: '-' });
        const channel = dice.weighted([['chat', 5] as const, ['review', 2] as const, ['survey', 3] as const]);
        yield writer.piece({ customer, at, channel, temper: -4 }, remarks);
      }
    }
  }
}

function someTimeIn({ from, until }: Stretch, dice: Dice): number {
  return Math.floor(dice.between(from, until));
}

function someone(customers: readonly Customer[], at: number, dice: Dice): Customer {
  return dice.pick(customers.filter((customer) => isThere(customer, at)));
}
