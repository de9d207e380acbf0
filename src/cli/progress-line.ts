import { type Terminal, write } from './terminal.ts';

const everyMs = 5_000;

/** Says on standard error how far a long command is: every five seconds, with the items handled a second. */
export function progressLine({ errors }: Terminal): (done: number, total?: number) => Promise<void> {
  const begun = performance.now();
  let next = begun + everyMs;
  return async (done, total) => {
    const now = performance.now();
    if (now < next) return;
    next = now + everyMs;
    const share = total === undefined || total === 0 ? '' : ` of ${total} (${Math.floor((100 * done) / total)} %)`;
    await write(errors, `${done}${share}, ${Math.round((1000 * done) / (now - begun))} a second\n`);
  };
}
