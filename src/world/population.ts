import type { CustomerEvent } from '../domain/customer-event.ts';
import { type Plan, plans, type Region, regions } from './catalogue.ts';
import { type Dice, diceFor } from './dice.ts';
import { factsOf } from './facts.ts';
import { dayMs, instant } from './timing.ts';

/** Somebody who buys from the company. Times in milliseconds since 1970. */
export interface Customer {
  readonly id: string;
  readonly region: Region;
  readonly joinedAt: number;
  /** Of the bean subscription; absent for who only buys. */
  readonly plan?: Plan;
  readonly mrr: number;
  /** Weeks of trouble that the customer complains of; leaving may follow. */
  readonly troubles: readonly Trouble[];
  readonly leftAt?: number;
  /** From when on the subscription is hardly used; only some of those who leave give themselves away like this. */
  readonly idleFrom?: number;
}

/** Complaints of one customer about one thing. */
export interface Trouble {
  readonly theme: (typeof troublesome)[number];
  readonly complaints: readonly number[];
  /** Whether the last of them says that the customer wants to leave. */
  readonly saysSo: boolean;
}

/** What subscribers leave for. */
const troublesome = ['billing', 'support', 'delivery', 'contract', 'taste'] as const;

const subscribers = 0.6;
/** Chances in a month of 30 days: that trouble begins, that it ends in leaving, and that somebody leaves without a word. */
const monthly = { trouble: 0.07, leavesOverTrouble: 0.7, leavesInSilence: 0.005 };
/** How long before the end customers can be followed. */
export const followedDays = 240;

/** The customers of a world, with what befalls them between `end` less {@link followedDays} days and `end`. */
export function populate(seed: number, count: number, end: number): Customer[] {
  return Array.from({ length: count }, (_, at) => {
    const number = String(at + 1).padStart(4, '0');
    const id = `customer-${number}`;
    const dice = diceFor(seed, `customer ${number}`);
    return id === factsOf(end).leaver.customer ? leaver(id, end) : customer(id, dice, end);
  });
}

/** Still there, and about to go. */
function leaver(id: string, end: number): Customer {
  const [plan, mrr] = plans.find(([name]) => name === factsOf(end).leaver.plan) ?? plans[0];
  const complaints = [23, 12, 5].map((days) => end - days * dayMs);
  const troubles = [{ theme: 'billing', complaints, saysSo: false }] as const;
  return { id, region: '東京', joinedAt: end - 400 * dayMs, plan, mrr, troubles, idleFrom: end - 28 * dayMs };
}

function customer(id: string, dice: Dice, end: number): Customer {
  const region = dice.weighted(regions.map((name) => [name, name === '東京' || name === '大阪' ? 2 : 1] as const));
  const joinedAt = end - Math.floor(dice.between(100, 300) * dayMs);
  const subscribes = dice.chance(subscribers);
  const [plan, mrr] = dice.weighted(plans.map(([name, price, weight]) => [[name, price] as const, weight] as const));
  if (!subscribes) return { id, region, joinedAt, mrr: 0, troubles: [] };
  const troubles: Trouble[] = [];
  const begin = Math.max(joinedAt + 30 * dayMs, end - followedDays * dayMs);
  for (let month = begin; month + 30 * dayMs <= end; month += 30 * dayMs) {
    if (dice.chance(monthly.trouble)) {
      const leaves = dice.chance(monthly.leavesOverTrouble);
      const trouble = troubleFrom(month, leaves && dice.chance(0.6), dice);
      troubles.push(trouble);
      if (leaves) {
        const last = trouble.complaints.at(-1) ?? month;
        const leftAt = last + Math.floor(dice.between(4, 26) * dayMs);
        const idle = dice.chance(0.2) ? { idleFrom: leftAt - 35 * dayMs } : {};
        return { id, region, joinedAt, plan, mrr, troubles, ...idle, ...(leftAt < end && { leftAt }) };
      }
    } else if (dice.chance(monthly.leavesInSilence)) {
      const leftAt = month + Math.floor(dice.between(0, 30) * dayMs);
      return { id, region, joinedAt, plan, mrr, troubles, leftAt, idleFrom: leftAt - 35 * dayMs };
    }
  }
  return { id, region, joinedAt, plan, mrr, troubles };
}

function troubleFrom(month: number, saysSo: boolean, dice: Dice): Trouble {
  const complaints: number[] = [];
  let at = month + Math.floor(dice.between(0, 10) * dayMs);
  for (let left = dice.whole(3, 4); left > 0; left--) {
    complaints.push(at);
    at += Math.floor(dice.between(3, 9) * dayMs);
  }
  return { theme: dice.pick(troublesome), complaints, saysSo };
}

/** Everything a customer did: signing up, buying, using, renewing and leaving. */
export function* eventsOf(customer: Customer, tenant: string, seed: number, end: number): Generator<CustomerEvent> {
  const { id: customerId, joinedAt, plan, mrr, leftAt = end, idleFrom = end } = customer;
  const dice = diceFor(seed, `events of ${customerId}`);
  let number = 0;
  const common = (at: number) => {
    number++;
    return { id: `${customerId}-${number}`, tenant, customerId, occurredAt: instant(at) };
  };
  yield { ...common(joinedAt), type: 'signed-up' };
  for (let at = joinedAt + dice.between(0, 20) * dayMs; at < leftAt; at += dice.between(20, 90) * dayMs) {
    const items = dice.whole(1, 4);
    yield { ...common(at), type: 'purchased', amount: 10 * dice.whole(60, 380) * items, items };
  }
  if (plan === undefined) return;
  const startedAt = joinedAt + 5 * dayMs;
  yield { ...common(startedAt), type: 'contract-started', mrr, plan };
  for (let at = startedAt + 90 * dayMs; at < leftAt; at += 90 * dayMs) {
    yield { ...common(at), type: 'renewed', mrr, plan };
  }
  const habit = dice.whole(4, 12);
  for (let at = startedAt + 15 * dayMs; at < leftAt; at += 15 * dayMs) {
    const count = at < idleFrom ? Math.max(1, habit + dice.whole(-3, 3)) : dice.whole(0, 1);
    yield { ...common(at), type: 'used', count };
  }
  if (leftAt < end) yield { ...common(leftAt), type: 'cancelled', reason: '定期便の解約' };
}

/** Whether somebody is a customer at a time. */
export function isThere({ joinedAt, leftAt = Number.POSITIVE_INFINITY }: Customer, at: number): boolean {
  return joinedAt <= at && at < leftAt;
}
