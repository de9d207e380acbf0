/** A stretch of windows that fired one after another: ends of the first and of the last, milliseconds since 1970. */
export interface Run {
  readonly from: number;
  readonly until: number;
}

/** Joins ends of windows that fired, in ascending order, where the next evaluation fired too. */
export function runsOf(times: readonly number[], stepMs: number): Run[] {
  const runs: Run[] = [];
  for (const time of times) {
    const last = runs.at(-1);
    if (last !== undefined && time - last.until <= stepMs) runs[runs.length - 1] = { from: last.from, until: time };
    else runs.push({ from: time, until: time });
  }
  return runs;
}

/** What of runs came before a time: the rest is to be evaluated anew. */
export function runsBefore(runs: readonly Run[], time: number, stepMs: number): Run[] {
  return runs.flatMap(({ from, until }) => {
    if (from >= time) return [];
    if (until < time) return [{ from, until }];
    return [{ from, until: from + Math.ceil((time - from) / stepMs - 1) * stepMs }];
  });
}

/** Runs of one alert each: those that follow the one before within the cool-down belong together. */
export function chains(runs: readonly Run[], coolDownMs: number, stepMs: number): Run[][] {
  const sorted = [...runs].sort((one, other) => one.from - other.from);
  const chained: Run[][] = [];
  for (const run of sorted) {
    const chain = chained.at(-1);
    const last = chain?.at(-1);
    if (chain === undefined || last === undefined || run.from - last.until > coolDownMs) chained.push([run]);
    else if (run.from - last.until <= stepMs) chain[chain.length - 1] = { from: last.from, until: run.until };
    else chain.push(run);
  }
  return chained;
}
