/** Runs a command to its end and makes an exit code of what comes of it. */
export type RunCommand = (command: () => Promise<number>) => Promise<void>;
