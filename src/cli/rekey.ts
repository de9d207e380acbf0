import { createTopics } from '../app/create-topics.ts';
import { pseudonymKeys } from '../app/customer-names.ts';
import { exitCodes } from '../app/exit-code.ts';
import { openRecordPublisher } from '../app/record-publisher.ts';
import { type RekeyProgress, rekey as rekeyRecords } from '../app/rekey.ts';
import { openServers } from '../app/servers.ts';
import { readSettings } from '../config/settings.ts';
import { topicNames } from '../domain/topics.ts';
import { connectKafka } from '../kafka/connection.ts';
import { createProducer } from '../kafka/producer.ts';
import { Closing } from '../runtime/closing.ts';
import { openPreparedDatabase } from '../store/database.ts';
import { createLogger } from '../telemetry/logger.ts';
import { progressLine } from './progress-line.ts';
import { stopRequest } from './stop-signal.ts';
import { lines } from './table.ts';
import { type Terminal, write } from './terminal.ts';

/** Options of `koe rekey`. */
export interface RekeyOptions {
  readonly apply: boolean;
  /** Records a second. */
  readonly rate?: number;
}

/**
 * Brings the pseudonyms of everything stored under the newest key, or counts those that are not.
 *
 * @returns the exit code: 1 when it was interrupted or records were replaced by others meanwhile
 */
export async function rekey({ apply, rate: perSecond }: RekeyOptions, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  const keys = pseudonymKeys(settings);
  const closing = new Closing();
  let progress: RekeyProgress | undefined;
  try {
    const logger = createLogger({ level: 'warn', name: 'koe-rekey' });
    const servers = closing.add(await openServers(settings), (opened) => opened.close());
    const topics = topicNames(settings.KOE_TOPIC_PREFIX);
    const connection = connectKafka(servers.kafka, logger);
    await createTopics(connection, topics, settings);
    const database = closing.add(await openPreparedDatabase(servers.database), (opened) => opened.close());
    const producer = closing.add(createProducer(connection), (opened) => opened.close());
    const publisher = await openRecordPublisher(settings, producer, topics, logger);
    const report = progressLine(terminal);
    const options = { apply, perSecond, signal: stopRequest() };
    for await (progress of rekeyRecords(options, { settings, database, keys, publisher, logger })) {
      await report(kinds.reduce((sum, [kind]) => sum + (progress?.[kind].earlier ?? 0), 0));
    }
    return progress?.finished === true && kinds.every(([kind]) => progress?.[kind].overtaken === 0)
      ? exitCodes.success
      : exitCodes.failure;
  } finally {
    if (progress !== undefined) await write(terminal.output, summary(progress, apply));
    await closing.closeAll();
  }
}

/** Everything that names customers, under the names that people know. */
const kinds = [
  ['records', 'records'],
  ['events', 'customer events'],
  ['risks', 'churn risks'],
  ['changes', 'changes of churn risks'],
  ['alerts', 'alerts'],
  ['deliveries', 'messages about alerts'],
] as const;

function summary(progress: RekeyProgress, apply: boolean): string {
  const told = kinds.flatMap(([kind, name]) => {
    const { earlier, foreign, overtaken } = progress[kind];
    if (kind !== 'records' && earlier + foreign === 0) return [];
    const done = apply ? `${earlier - overtaken} ${name} renewed` : `${earlier} ${name} are under earlier keys`;
    const again = overtaken > 0 ? `, ${overtaken} were replaced by others meanwhile: run it again` : '';
    const others = foreign > 0 ? `, ${foreign} are under keys that are not configured, or in clear` : '';
    return [`${done}${again}${others}`];
  });
  return lines([...told, ...(apply ? [] : ['nothing is written without --apply'])]);
}
