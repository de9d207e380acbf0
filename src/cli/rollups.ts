import { exitCodes } from '../app/exit-code.ts';
import { recountHours, verifyRollups } from '../store/rollups.ts';
import { printAnswer } from './answer.ts';
import { lines } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Options of `koe rollups verify`. */
export interface RollupsVerifyOptions {
  readonly tenant?: string;
  readonly repair: boolean;
  readonly json: boolean;
}

/** Lists the hours whose counts differ from a recount. The exit code is 1 when there are any. */
export async function rollupsVerify(options: RollupsVerifyOptions, terminal: Terminal): Promise<number> {
  let differ = 0;
  await printAnswer(options, terminal, async (database) => {
    const differences = await verifyRollups(database, options.tenant);
    if (options.repair) await recountHours(database, differences);
    differ = differences.length;
    const listed = differences.map(({ tenant, hour }) => `${tenant}  ${hour.toISOString()}`);
    const summary = differ === 0 ? 'Every hour that is counted agrees with its records.' : `${differ} hours differ.`;
    const next =
      differ === 0 ? [] : [options.repair ? 'The workers recount them.' : 'Give --repair to have them recounted.'];
    return { report: { differences }, table: () => lines([...listed, summary, ...next]) };
  });
  return differ === 0 ? exitCodes.success : exitCodes.failure;
}
