/** Resolves after `ms` milliseconds, or as soon as one of the signals is aborted. */
export async function wait(ms: number, ...until: readonly AbortSignal[]): Promise<void> {
  if (until.some((signal) => signal.aborted)) return;
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      for (const signal of until) signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    for (const signal of until) signal.addEventListener('abort', finish);
  });
}
