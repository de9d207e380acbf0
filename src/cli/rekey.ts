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
import { type Terminal, write } from './terminal.ts';

/** Options of `koe rekey`. */
export interface RekeyOptions {
  readonly apply: boolean;
  /** Records a second. */
  readonly rate?: number;
}

/**
 * Brings the pseudonyms of stored records under the newest key, or counts those that are not.
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
      await report(progress.earlier + progress.foreign);
    }
    return progress?.finished === true && progress.overtaken === 0 ? exitCodes.success : exitCodes.failure;
  } finally {
    if (progress !== undefined) await write(terminal.output, summary(progress, apply));
    await closing.closeAll();
  }
}

function summary({ earlier, foreign, overtaken }: RekeyProgress, apply: boolean): string {
  const done = apply
    ? `${earlier - overtaken} records renewed`
    : `${earlier} records are under earlier keys; nothing is written without --apply`;
  const again = overtaken > 0 ? `\n${overtaken} were replaced by others meanwhile: run it again` : '';
  const others = foreign > 0 ? `\n${foreign} are under keys that are not configured, or in clear` : '';
  return `${done}${again}${others}\n`;
}
