import { factsOf, worldTenant } from '../world/facts.ts';

/** One thing to find in the demo's world: the command that finds it, and what it shows. */
export interface TourStop {
  readonly command: string;
  readonly shows: string;
}

/** What to type after the demo has loaded its world, which ends at `end`, in the order in which it is best read. */
export function tourOf(end: number): TourStop[] {
  const { conversations, leaver, outage } = factsOf(end);
  const koe = (command: string, shows: string): TourStop => ({
    command: `npm run -s koe -- ${command} --tenant ${worldTenant}`,
    shows,
  });
  return [
    koe('pain-points --since 7d --by region', 'what hurts, whom, how much, and what it costs'),
    koe('alerts list --since 3d', `the outage of version ${outage.version} yesterday, and the drift of deliveries`),
    koe('emerging --since 7d', 'the app that falls down and the lid that is hard to open'),
    koe('nps --since 90d --by plan', 'scores with their intervals'),
    koe('drivers --since 90d', 'waiting costs recommendations; the narrow shops are only blamed along with it'),
    koe('churn list --band medium', 'who may leave, and why'),
    koe('churn backtest', 'how well that would have been known, with feedback and without'),
    koe(`customer ${leaver.customer}`, 'everything that one customer did and said, who is about to leave'),
    koe(`conversation ${conversations.recovers}`, 'a chat that ends well'),
    koe(`conversation ${conversations.worsens}`, 'and one that does not'),
  ];
}

/** The tour as text. */
export function tourText(end: number): string {
  return tourOf(end)
    .map(({ command, shows }) => `  ${shows}\n    ${command}\n`)
    .join('');
}
