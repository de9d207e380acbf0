/** Resolves at the first SIGINT or SIGTERM; the second one ends the process at once. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let seen = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (seen) process.exit(1);
        seen = true;
        resolve();
      });
    }
  });
}

/** Aborted at the first SIGINT or SIGTERM, for work that ends between two steps; the second one ends the process. */
export function stopRequest(): AbortSignal {
  const request = new AbortController();
  void stopSignal().then(() => request.abort());
  return request.signal;
}
