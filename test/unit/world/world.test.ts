import { beforeAll, describe, expect, test } from 'vitest';
import { customerEventSchema } from '../../../src/domain/customer-event.ts';
import { type Feedback, feedbackSchema } from '../../../src/domain/feedback.ts';
import { loadPhrases } from '../../../src/world/load-phrases.ts';
import type { Phrase } from '../../../src/world/phrase-book.ts';
import { followedDays } from '../../../src/world/population.ts';
import { dayMs } from '../../../src/world/timing.ts';
import { makeWorld, type World, type WorldSize } from '../../../src/world/world.ts';

const end = Date.parse('2026-11-23T03:00:00Z');
let phrases: Phrase[];
let world: World;
let said: Feedback[];

const make = (changes: { seed?: number; size?: WorldSize; end?: number } = {}) =>
  makeWorld({ phrases, seed: 1, end, size: 'full', ...changes });
const within = ({ from, until }: { from: number; until: number }) =>
  said.filter(({ occurredAt }) => Date.parse(occurredAt) >= from && Date.parse(occurredAt) < until);

beforeAll(async () => {
  phrases = await loadPhrases();
  world = make();
  said = world.feedback.filter(({ conversation }) => (conversation?.author ?? 'customer') === 'customer');
});

describe('a world', () => {
  test('is the same for the same seed and end, and another one for another seed', () => {
    const asText = (one: World) => JSON.stringify([one.feedback, [...one.events()]]);
    expect(asText(make()) === asText(world)).toBe(true);
    expect(asText(make({ seed: 2 })) === asText(world)).toBe(false);
  });

  test('moves with its end', () => {
    const later = make({ end: end + 7 * dayMs });
    expect(later.feedback.map(({ id, text }) => [id, text])).toEqual(world.feedback.map(({ id, text }) => [id, text]));
    expect(later.facts.outage.from - world.facts.outage.from).toBe(7 * dayMs);
  });

  test('has about 6,000 pieces of feedback that producers could send, in order, none twice', () => {
    expect(said.length).toBeGreaterThan(5500);
    expect(said.length).toBeLessThan(6700);
    expect(world.feedback.filter((piece) => !feedbackSchema.strict().safeParse(piece).success)).toEqual([]);
    expect(new Set(world.feedback.map(({ id }) => id)).size).toBe(world.feedback.length);
    const times = world.feedback.map(({ occurredAt }) => occurredAt);
    expect(times).toEqual([...times].sort());
    expect(Date.parse(times.at(-1) ?? '')).toBeLessThan(end);
  });

  test('has 800 customers with events that producers could send', () => {
    const events = [...world.events()];
    expect(events.filter((event) => !customerEventSchema.safeParse(event).success)).toEqual([]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(new Set(events.map(({ customerId }) => customerId)).size).toBe(800);
    expect(Math.max(...events.map(({ occurredAt }) => Date.parse(occurredAt)))).toBeLessThan(end);
    const types = new Set(events.map(({ type }) => type));
    expect(types).toEqual(new Set(['signed-up', 'purchased', 'contract-started', 'renewed', 'used', 'cancelled']));
  });

  test('says most things in words of its own', () => {
    expect(phrases.length).toBeGreaterThan(600);
    const ordinary = said.filter(({ id }) => /^day/.test(id));
    expect(new Set(ordinary.map(({ text }) => text)).size / ordinary.length).toBeGreaterThan(0.75);
    expect(said.filter(({ text }) => /[{}]/.test(text))).toEqual([]);
  });

  test('is smaller on ordinary days only', () => {
    const small = make({ size: 'small' });
    const count = (feedback: readonly Feedback[], part: RegExp) => feedback.filter(({ id }) => part.test(id)).length;
    expect(count(small.feedback, /^day/) / count(world.feedback, /^day/)).toBeCloseTo(0.25, 1);
    for (const part of [/^bottle/, /^gift/, /^trouble/]) {
      expect(count(small.feedback, part)).toBe(count(world.feedback, part));
    }
  });
});

describe('what is true of it', () => {
  test('the outage: many chats of the broken version while it lasts', () => {
    const { outage } = world.facts;
    const broken = within(outage).filter(({ text }) => /アプリが(?:すぐ)?落ち|アプリが固ま|動か/.test(text));
    expect(broken.length).toBeGreaterThan(60);
    expect(new Set(broken.map(({ channel }) => channel))).toEqual(new Set(['chat']));
    expect(new Set(broken.map(({ attributes }) => attributes?.version))).toEqual(new Set([outage.version]));
  });

  test('the lid: nobody speaks of it before the new bottle is there', () => {
    const { bottle } = world.facts;
    const lid = said.filter(({ text }) => text.includes('蓋が固'));
    expect(lid.length).toBeGreaterThan(30);
    expect(lid.every(({ occurredAt }) => Date.parse(occurredAt) >= bottle.from)).toBe(true);
    expect(new Set(lid.map(({ attributes }) => attributes?.product))).toEqual(new Set([bottle.product]));
  });

  test('presents: asked for in their weeks only', () => {
    const gifts = said.filter(({ id }) => /^gift/.test(id));
    expect(gifts.length).toBe(within(world.facts.gifts).filter(({ id }) => /^gift/.test(id)).length);
  });

  test('advertisements and copies', () => {
    const { advertisements, copies } = world.facts;
    const posted = within(advertisements).filter(({ id }) => /^advertisement/.test(id));
    expect(posted.length).toBe(advertisements.count);
    expect(posted.every(({ customerId }) => customerId === undefined)).toBe(true);
    const sent = within(copies).filter(({ id }) => /^copy/.test(id));
    expect(sent.map(({ customerId }) => customerId)).toEqual(Array(copies.count).fill(copies.customer));
  });

  test('who leaves over trouble has complained before', () => {
    const leftAt = new Map(
      [...world.events()].flatMap(({ type, customerId, occurredAt }) =>
        type === 'cancelled' ? [[customerId, Date.parse(occurredAt)] as const] : [],
      ),
    );
    const followed = [...leftAt].filter(([, at]) => at > end - (followedDays - 30) * dayMs);
    const complained = followed.filter(([customer, at]) =>
      said.some(
        ({ id, customerId, occurredAt }) =>
          /^trouble/.test(id) &&
          customerId === customer &&
          Date.parse(occurredAt) < at &&
          Date.parse(occurredAt) > at - 60 * dayMs,
      ),
    );
    expect(followed.length).toBeGreaterThan(60);
    expect(complained.length / followed.length).toBeGreaterThan(0.7);
  });

  test('nobody says anything after leaving', () => {
    const { leaver } = world.facts;
    expect(said.some(({ customerId, text }) => customerId === leaver.customer && text.includes('解約'))).toBe(true);
    for (const event of world.events()) {
      if (event.type !== 'cancelled') continue;
      const later = said.filter(
        ({ customerId, occurredAt }) => customerId === event.customerId && occurredAt > event.occurredAt,
      );
      expect(later).toHaveLength(0);
    }
  });
});
