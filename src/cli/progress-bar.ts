import { progressLine } from './progress-line.ts';
import { type Terminal, write } from './terminal.ts';

const everyMs = 200;
const width = 24;

/** How far a long command is. */
export interface ProgressBar {
  /** @param share part of the work that is done, from 0 to 1 */
  report(done: number, share: number): Promise<void>;
  /** Makes room for what is written next. */
  end(): Promise<void>;
}

/** A bar on a terminal, with the time that is left; lines every five seconds where standard error goes elsewhere. */
export function progressBar(terminal: Terminal): ProgressBar {
  const { errors } = terminal;
  if (!('isTTY' in errors && errors.isTTY === true)) {
    const report = progressLine(terminal);
    return { report: (done) => report(done), end: async () => {} };
  }
  const begun = performance.now();
  let next = begun;
  return {
    async report(done, share) {
      const now = performance.now();
      if (now < next) return;
      next = now + everyMs;
      const filled = Math.min(width, Math.floor(share * width));
      const seconds = (now - begun) / 1000;
      const left = share > 0.01 ? `, ${Math.ceil((seconds * (1 - share)) / share)} s left` : '';
      const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
      await write(errors, `\r\u001b[K${bar} ${Math.floor(share * 100)} %, ${done} rows${left}`);
    },
    end: () => write(errors, '\r\u001b[K'),
  };
}
