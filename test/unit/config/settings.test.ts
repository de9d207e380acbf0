import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError, readSettings, secretNames, settingsSchema } from '../../../src/config/settings.ts';
import { temporaryFolder } from '../../support/folder.ts';

test('an empty environment gives the defaults', () => {
  expect(readSettings({ PATH: '/bin', HOME: '/home/koe' })).toMatchObject({
    KOE_TOPIC_PREFIX: 'koe.',
    KAFKA_SSL: false,
  });
});

test('values are read from text; an empty value counts as unset', () => {
  const settings = readSettings({ KOE_HTTP_PORT: '8080', KOE_STRICT_FIELDS: 'true', KOE_MODEL: '' });
  expect(settings).toMatchObject({ KOE_HTTP_PORT: 8080, KOE_STRICT_FIELDS: true, KOE_MODEL: 'models/encoder' });
});

test('all problems are in one message', () => {
  const environment = { KOE_HTTP_PORT: '99999', KOE_TOPC_PREFIX: 'x', KAFKA_SSL: 'yes', KOE_BATCH_MESSAGES: '1.5' };
  const read = () => readSettings(environment);
  expect(read).toThrow(ConfigurationError);
  for (const name of Object.keys(environment)) expect(read).toThrow(name);
  expect(read).toThrow('did you mean KOE_TOPIC_PREFIX?');
});

test('a secret is never repeated in the message', () => {
  expect(() => readSettings({ KOE_PSEUDONYM_KEY: 'short secret' })).toThrow(/^(?!.*short secret)/s);
});

test('what belongs together is asked for together', () => {
  expect(() => readSettings({ KAFKA_SASL_MECHANISM: 'plain' })).toThrow(/KAFKA_SASL_USERNAME.*KAFKA_SASL_PASSWORD/s);
  expect(() => readSettings({ MONGODB_URI: 'mongodb://localhost' })).toThrow('KOE_PSEUDONYM_KEY');
  expect(() => readSettings({ MONGODB_URI: 'mongodb://localhost', KOE_CUSTOMER_ID: 'clear' })).not.toThrow();
  expect(() => readSettings({ KOE_PSEUDONYM_EARLIER_KEYS: 'a key of sixteen characters' })).toThrow(
    'KOE_PSEUDONYM_KEY: required with KOE_PSEUDONYM_EARLIER_KEYS',
  );
});

test.each([
  ['KAFKA_BROKER', 'KAFKA_BROKERS'],
  ['MONGO_URI', 'MONGODB_URI'],
  ['MONGODB_URL', 'MONGODB_URI'],
])('%s is a slip of the pen that would start embedded servers', (name, meant) => {
  expect(() => readSettings({ [name]: 'x' })).toThrow(`${name}: no such setting; did you mean ${meant}?`);
});

test("names of other programs are none of koe's business", () => {
  expect(() => readSettings({ KAFKA_HOME: '/opt/kafka', KAFKA_OPTS: '', MONGODB_VERSION: '8' })).not.toThrow();
});

describe('a secret', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  const key = 'a key of sixteen characters or more';
  const fileOf = async (content: string | Buffer) => {
    const path = join(folder.path, 'secret');
    await writeFile(path, content);
    return path;
  };

  test('every one is marked', () => {
    const likely = Object.keys(settingsSchema.shape).filter((name) => /PASSWORD|SECRET|TOKEN|_KEY$|_URI$/.test(name));
    expect(secretNames).toEqual(expect.arrayContaining(likely));
  });

  test.each(['', '\n', '\r\n'])('comes from a file that ends with %j', async (end) => {
    const settings = readSettings({ KOE_PSEUDONYM_KEY_FILE: await fileOf(`${key}${end}`), KOE_PSEUDONYM_KEY: '' });
    expect(settings.KOE_PSEUDONYM_KEY).toBe(key);
  });

  test('keeps the blanks and all line breaks but the last one', async () => {
    const file = await fileOf(` ${key} \n\n`);
    expect(readSettings({ KOE_PSEUDONYM_KEY_FILE: file }).KOE_PSEUDONYM_KEY).toBe(` ${key} \n`);
  });

  test('is not guessed when it is given twice', async () => {
    const read = async () => readSettings({ KOE_PSEUDONYM_KEY_FILE: await fileOf('another'), KOE_PSEUDONYM_KEY: key });
    await expect(read()).rejects.toThrow('KOE_PSEUDONYM_KEY and KOE_PSEUDONYM_KEY_FILE');
  });

  test.each([
    ['is not there', async () => join(folder.path, 'none'), 'cannot be read (ENOENT)'],
    ['is a folder', async () => folder.path, 'cannot be read (EISDIR)'],
    ['is empty', () => fileOf('\n'), 'is empty'],
    ['is no text', () => fileOf(Buffer.from([0xff, 0xfe, 0x41])), 'is no UTF-8 text'],
  ])('from a file that %s is refused by name', async (_, file, why) => {
    const environment = { KAFKA_SASL_PASSWORD_FILE: await file() };
    expect(() => readSettings(environment)).toThrow(
      `KAFKA_SASL_PASSWORD_FILE: ${environment.KAFKA_SASL_PASSWORD_FILE} ${why}`,
    );
  });

  test('only a secret comes from a file', () => {
    expect(() => readSettings({ KOE_GROUP_ID_FILE: '/run/group' })).toThrow('KOE_GROUP_ID_FILE: no such setting');
  });
});

test('user and password of MONGODB_URI are given in one place', () => {
  const common = { KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more' };
  const apart = { MONGODB_USERNAME: 'koe', MONGODB_PASSWORD: 'p@ss' };
  const read = (environment: Record<string, string>) => () => readSettings({ ...common, ...environment });
  expect(read({ ...apart, MONGODB_URI: 'mongodb://a,b/koe?tls=true' })).not.toThrow();
  expect(read({ ...apart, MONGODB_URI: 'mongodb://user:word@a,b/koe' })).toThrow('MONGODB_USERNAME');
  expect(read(apart)).toThrow('MONGODB_USERNAME');
  expect(read({ MONGODB_PASSWORD: 'x', MONGODB_URI: 'mongodb://a' })).toThrow('MONGODB_USERNAME and MONGODB_PASSWORD');
});

test.each([
  ['collector:4318', 'must be an http or https address'],
  ['grpc://collector:4317', 'must be an http or https address'],
  ['https://koe:secret@collector', 'must hold no user and no password'],
])('KOE_OTLP_ENDPOINT and KOE_SCHEMA_REGISTRY_URL cannot be %s', (address, problem) => {
  for (const name of ['KOE_OTLP_ENDPOINT', 'KOE_SCHEMA_REGISTRY_URL']) {
    expect(() => readSettings({ [name]: address })).toThrow(`${name}: ${problem}`);
  }
});

test.each(['http://127.0.0.1:4318', 'https://collector/', 'http://[::1]:8081/apis/ccompat/v7?x=y'])(
  'they can be %s',
  (address) => {
    const given = { KOE_OTLP_ENDPOINT: address, KOE_SCHEMA_REGISTRY_URL: address };
    expect(readSettings(given)).toMatchObject(given);
  },
);

test('KOE_TRACE_SAMPLE_RATIO is a share', () => {
  const read = (text: string) => readSettings({ KOE_TRACE_SAMPLE_RATIO: text }).KOE_TRACE_SAMPLE_RATIO;
  expect(['0', '0.05', '.5', '1', '1.0'].map(read)).toEqual([0, 0.05, 0.5, 1, 1]);
  for (const text of ['1.1', '-0.1', '5%', '1e-3', 'all']) expect(() => read(text)).toThrow('from 0 to 1');
});

test('settings of the schema registry that go together are asked for together', () => {
  expect(() => readSettings({ KOE_SCHEMA_REGISTRY_WIRE_FORMAT: 'true' })).toThrow('KOE_SCHEMA_REGISTRY_URL: required');
  const url = { KOE_SCHEMA_REGISTRY_URL: 'http://registry' };
  expect(() => readSettings({ ...url, KOE_SCHEMA_REGISTRY_USERNAME: 'koe' })).toThrow('neither does without the other');
});
