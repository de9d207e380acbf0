/** What koe's Kafka code needs of a logger; pino's satisfies it. Never given the content of a message. */
export interface Logger {
  /** Whether lines of a level are written; without it they are taken not to be worth computing. */
  isLevelEnabled?(level: 'debug'): boolean;
  debug(fields: object, sentence: string): void;
  info(fields: object, sentence: string): void;
  warn(fields: object, sentence: string): void;
  error(fields: object, sentence: string): void;
  fatal(fields: object, sentence: string): void;
}
