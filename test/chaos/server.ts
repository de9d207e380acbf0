/** A broker or database as the chaos suite handles it. */
export interface ChaosServer {
  /** Product and version, for the report. */
  readonly name: string;
  /** On 127.0.0.1; the same after every start. */
  readonly port: number;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Makes its disk refuse writes; absent where that cannot be done. */
  readonly refuseWrites?: (on: boolean) => void;
  /** SIGKILL; resolves when it is dead. */
  kill(): Promise<void>;
  /** Starts it again after a kill; resolves when it takes connections. */
  start(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}
