import { appVersions, newBottle, westernRegions } from './catalogue.ts';
import { dayMs, hourMs, midnightBefore } from './timing.ts';

/** Whose world it is. */
export const worldTenant = 'demo';
export const worldCustomers = 800;
/** Days of which everything is told; of the months before, only what subscribers said. */
export const worldDays = 90;

/** From when until when something holds, milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** What is true of a world, and what questions about it must therefore find. */
export interface WorldFacts {
  /** The app falls down after a release, in chats. */
  readonly outage: Stretch & { readonly version: string; readonly channel: 'chat'; readonly opinion: string };
  /** Deliveries to the west get worse, a little every day. */
  readonly drift: Stretch & { readonly topic: 'delivery'; readonly regions: readonly string[] };
  /** A new bottle whose lid is hard to open: an opinion that nobody had before. */
  readonly bottle: Stretch & { readonly product: string; readonly opinion: string };
  /** Weeks in which people ask for presents to be wrapped, and which wish is heard only then. */
  readonly gifts: Stretch & { readonly opinion: string };
  /** Two hours of advertisements, and one customer who sends the same review again and again. */
  readonly advertisements: Stretch & { readonly count: number };
  readonly copies: Stretch & { readonly customer: string; readonly count: number };
  /** Waiting costs recommendations; a narrow shop is blamed along with it and costs nothing. */
  readonly driver: { readonly cause: 'waiting'; readonly companion: 'facility' };
  readonly conversations: { readonly recovers: string; readonly worsens: string };
  /** A customer of the dearest plan who complained for weeks, uses little, and said yesterday that it is enough. */
  readonly leaver: { readonly customer: string; readonly plan: 'vip' };
}

/** The facts of a world that ends at a time, milliseconds since 1970. */
export function factsOf(end: number): WorldFacts {
  const midnight = midnightBefore(end);
  const day = (number: number, hour = 0) => midnight - number * dayMs + hour * hourMs;
  return {
    outage: {
      from: day(1, 13),
      until: day(1, 18),
      version: appVersions.broken,
      channel: 'chat',
      opinion: 'アプリ:落ちる:-',
    },
    drift: { from: day(21), until: end, topic: 'delivery', regions: westernRegions },
    bottle: { from: day(10), until: end, product: newBottle, opinion: '蓋:固い:-' },
    gifts: { from: day(52), until: day(38), opinion: '色:選べる:0' },
    advertisements: { from: day(20, 2), until: day(20, 4), count: 45 },
    copies: { from: day(8, 10), until: day(8, 12), customer: 'customer-0002', count: 12 },
    driver: { cause: 'waiting', companion: 'facility' },
    conversations: { recovers: 'chat-recovers', worsens: 'chat-worsens' },
    leaver: { customer: 'customer-0001', plan: 'vip' },
  };
}
