import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Names of persons that the dictionary knows, as they are written. */
export interface PersonNames {
  readonly surnames: ReadonlySet<string>;
  readonly givenNames: ReadonlySet<string>;
  /** Katakana readings of both. */
  readonly surnameReadings: ReadonlySet<string>;
  readonly givenNameReadings: ReadonlySet<string>;
}

const unpack = promisify<Buffer, { chunkSize: number }, Buffer>(gunzip);
const marker = Buffer.from(',名詞,固有名詞,人名,');

/**
 * Reads the names (人名) out of kuromoji's dictionary, without loading the tokenizer: a fifth of the time and a tenth
 * of the memory, so that personal data can be masked in a process that tokenizes nothing.
 *
 * @throws Error when the dictionary file is missing or broken
 */
export async function loadPersonNames(): Promise<PersonNames> {
  const require = createRequire(import.meta.url);
  const file = join(dirname(require.resolve('kuromoji/package.json')), 'dict/tid_pos.dat.gz');
  try {
    return namesIn(await unpack(await readFile(file), { chunkSize: 1 << 22 }));
  } catch (cause) {
    throw new Error(`kuromoji's dictionary in ${file} cannot be read`, { cause });
  }
}

/** Entries are ended by NUL: surface, four parts of speech, two of conjugation, lemma, reading, pronunciation. */
function namesIn(features: Buffer): PersonNames {
  const surnames = new Set<string>();
  const givenNames = new Set<string>();
  const surnameReadings = new Set<string>();
  const givenNameReadings = new Set<string>();
  for (let at = features.indexOf(marker); at >= 0; at = features.indexOf(marker, at + 1)) {
    const start = features.lastIndexOf(0, at) + 1;
    const [surface = '', , , , kind, , , , reading = ''] = features
      .toString('utf8', start, features.indexOf(0, at))
      .split(',');
    if (kind === '一般') continue;
    (kind === '姓' ? surnames : givenNames).add(surface);
    (kind === '姓' ? surnameReadings : givenNameReadings).add(reading);
  }
  if (surnames.size === 0) throw new Error('it holds no names');
  return { surnames, givenNames, surnameReadings, givenNameReadings };
}
