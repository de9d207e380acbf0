import { expect, test } from 'vitest';
import { ConfigurationError, readSettings } from '../../../src/config/settings.ts';

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
