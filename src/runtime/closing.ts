/** What a process has opened and must close again, last opened first. */
export class Closing {
  readonly #steps: (() => Promise<unknown> | unknown)[] = [];
  #closed: Promise<void> | undefined;

  /** Takes charge of closing something and hands it back. */
  add<T>(resource: T, close: (resource: T) => Promise<unknown> | unknown): T {
    this.#steps.push(() => close(resource));
    return resource;
  }

  /** Closes everything once, in reverse order; a step that fails does not keep the others from running. */
  closeAll(): Promise<void> {
    this.#closed ??= this.#run();
    return this.#closed;
  }

  async #run(): Promise<void> {
    const faults: unknown[] = [];
    for (const step of this.#steps.reverse()) {
      try {
        await step();
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, 'not everything could be closed');
  }
}
