import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, makeOnce } from './cache.ts';
import { type KafkaUser, kafkaProperties } from './kafka-properties.ts';
import { runTool } from './tool.ts';

const pom = fileURLToPath(new URL('pom.xml', import.meta.url));

const clusterId = 'koe0test0cluster0000000';

/** The part of every command line that starts Java with Kafka: small, quick to start. */
export const javaOptions = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'];

/** A Kafka on disk, ready to be started. */
export interface KafkaInstallation {
  readonly classPath: string;
  /** A storage folder, formatted and with the user; every broker starts on a copy. */
  readonly template: string;
  /** Where the class-data archive of this installation is or belongs: it halves the time of a start. */
  readonly classArchive: string;
}

/** Downloads the jars of a Kafka version from Maven Central and formats a storage folder, once. */
export async function installKafka(version: string, user: KafkaUser): Promise<KafkaInstallation> {
  // A class-data archive is bound to the JVM, and to paths and times of the jars.
  const java = await runTool('java', ['-version']);
  const key = createHash('sha256')
    .update(`${java}${readFileSync(pom, 'utf8')}`)
    .digest('hex')
    .slice(0, 8);
  const folder = join(cacheFolder(), `kafka-${version}-${key}`);
  const jars = await makeOnce(join(folder, 'jars'), (draft) =>
    runTool('mvn', [
      ...['-q', '-B', '-f', pom, `-Dkafka.version=${version}`, 'dependency:copy-dependencies'],
      ...['-DincludeScope=runtime', `-DoutputDirectory=${draft}`],
    ]),
  );
  const names = readdirSync(jars).sort();
  const classPath = names.map((name) => join(jars, name)).join(':');
  const template = await makeOnce(join(folder, 'storage'), async (draft) => {
    await mkdir(draft);
    const properties = `${draft}.properties`;
    await writeFile(properties, kafkaProperties({ storage: draft, plain: 1, secure: 2, controller: 3 }));
    const scram = `SCRAM-SHA-512=[name=${user.name},password=${user.password}]`;
    await runTool('java', [
      ...[...javaOptions, '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', classPath],
      ...['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties, '--add-scram', scram],
    ]);
    await rm(properties);
  });
  return { classPath, template, classArchive: join(folder, 'classes.jsa') };
}
