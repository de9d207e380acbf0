import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { withSecretFiles } from './secret-files.ts';

/** Edits between a name and the one that was probably meant. */
const farthestTypo = 4;

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max));
const optionalText = z.string().min(1).optional();
const httpAddress = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .regex(/^[^/]{1,6}\/\/[^/?#@]{1,300}(?:[/?#]|$)/, 'must hold no user and no password');
/** Marks a setting that may come from a file and is shown nowhere. */
const secret = { secret: true };

/** The model that koe brings. */
export const defaultModel = 'models/encoder';

/** Every setting koe reads from the environment, with what it means and its default. */
export const settingsSchema = z.object({
  KAFKA_BROKERS: optionalText.describe(
    'Kafka bootstrap servers, `host:port` separated by commas. Unset: koe speaks to its embedded development broker.',
  ),
  KAFKA_SSL: flag.default(false).describe('Speak TLS to Kafka.'),
  KAFKA_SSL_CA_FILE: optionalText.describe("PEM file with the authority that signed the brokers' certificates."),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .describe('How to authenticate to Kafka. Unset: not at all.'),
  KAFKA_SASL_USERNAME: optionalText.describe('User name for Kafka.'),
  KAFKA_SASL_PASSWORD: optionalText.meta(secret).describe('Password for Kafka.'),
  MONGODB_URI: optionalText
    .meta(secret)
    .describe(
      'MongoDB connection string of a replica set, with `tls=true`, `tlsCAFile` and `tlsCertificateKeyFile` for TLS. Unset: koe speaks to its embedded development server.',
    ),
  MONGODB_USERNAME: optionalText.describe('User name for MongoDB, if MONGODB_URI holds none.'),
  MONGODB_PASSWORD: optionalText.meta(secret).describe('Password for MongoDB.'),
  KOE_MONGODB_DATABASE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,63}$/, 'must be letters, digits, _ or -')
    .default('koe')
    .describe('Name of the database.'),
  KOE_DATA_DIR: z.string().min(1).default('.koe').describe('Folder in which the embedded servers keep their data.'),
  KOE_TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{0,100}$/, 'must be letters, digits, dot, _ or -')
    .default('koe.')
    .describe('First part of the name of every Kafka topic.'),
  KOE_TOPIC_PARTITIONS: whole(1, 1000).default(6).describe('Partitions of topics that koe creates.'),
  KOE_REPLICATION_FACTOR: whole(1, 15)
    .optional()
    .describe("Replicas of topics that koe creates. Unset: the broker's default."),
  KOE_GROUP_ID: z.string().min(1).max(200).default('koe.enrich').describe('Consumer group of the enrich workers.'),
  KOE_MODEL: z
    .string()
    .min(1)
    .default(defaultModel)
    .describe('Folder of the model, `hub:OWNER/NAME`, or `none` to score sentiment by the lexicon alone.'),
  KOE_MODEL_LABELS: optionalText.describe(
    "Label map of a model that was made elsewhere. Unset: the `labels.json` in the model's folder.",
  ),
  KOE_MODEL_HUB: optionalText.describe(
    'Address from which a model named `hub:OWNER/NAME` may be downloaded once, `https://huggingface.co` for example. Unset: nothing is downloaded.',
  ),
  KOE_ANALYSIS_PROCESSES: whole(1, 64)
    .optional()
    .describe('Processes that tokenize and score, about 450 MB each. Unset: one for each processor, at most four.'),
  KOE_TRIAGE_POLICY: optionalText.describe(
    "YAML file with the company's own triage policy: what is flagged, how gravely, by when. Unset: `models/triage/policy.yaml` of koe.",
  ),
  KOE_TEXT_TIMEOUT_MS: whole(100, 600_000).default(10_000).describe('Time that one text may take, in milliseconds.'),
  KOE_MAX_TEXT_LENGTH: whole(1, 100_000)
    .default(20_000)
    .describe('Longest text accepted, in UTF-16 code units; a longer one becomes a dead letter.'),
  KOE_MAX_MESSAGE_BYTES: whole(1024, 67_108_864)
    .default(1_048_576)
    .describe('Largest message accepted, in bytes; a larger one becomes a dead letter.'),
  KOE_STRICT_FIELDS: flag
    .default(false)
    .describe('Refuse unknown fields in raw feedback instead of dropping and counting them.'),
  KOE_BATCH_MESSAGES: whole(1, 5000).default(256).describe('Messages handled together at most.'),
  KOE_DEAD_LETTER_LIMIT: whole(1, 1_000_000)
    .default(1000)
    .describe('Dead letters within the window after which the worker halts with exit code 65.'),
  KOE_DEAD_LETTER_WINDOW_SECONDS: whole(1, 86_400).default(60).describe('Length of that window in seconds.'),
  KOE_RETRY_GIVE_UP_SECONDS: whole(1, 86_400)
    .default(300)
    .describe('How long a dependency may be away before the worker exits with code 70, in seconds.'),
  KOE_DRAIN_SECONDS: whole(1, 300)
    .default(10)
    .describe('How long the work in flight may take after SIGTERM; leaving and closing take two seconds more at most.'),
  KOE_PSEUDONYM_KEY: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .meta(secret)
    .describe(
      'Secret key of the customer pseudonyms. Required with MONGODB_URI, by workers with KAFKA_BROKERS too; keep it, or customers change names.',
    ),
  KOE_PSEUDONYM_EARLIER_KEYS: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().min(16, 'each must have at least 16 characters')))
    .optional()
    .meta(secret)
    .describe(
      'Keys that KOE_PSEUDONYM_KEY has replaced, separated by commas, the oldest first. They stay part of every pseudonym: keep all of them.',
    ),
  KOE_CUSTOMER_ID: z
    .enum(['pseudonym', 'clear'])
    .default('pseudonym')
    .describe('How customers are stored: under a keyed pseudonym, or in clear under the identifier that was sent.'),
  KOE_HTTP_HOST: z.string().min(1).default('127.0.0.1').describe("Address of the worker's /metrics and health pages."),
  KOE_HTTP_PORT: whole(0, 65_535).default(9464).describe('Port of those pages; 0 takes any free port.'),
  KOE_OTLP_ENDPOINT: httpAddress
    .optional()
    .describe(
      'Base address of an OpenTelemetry collector (OTLP over HTTP), to which `/v1/traces` is added. Unset: no traces.',
    ),
  KOE_TRACE_SAMPLE_RATIO: z
    .string()
    .regex(/^(?:0|1|0?\.\d{1,9}|1\.0{1,9})$/, 'must be a number from 0 to 1')
    .transform(Number)
    .default(1)
    .describe(
      'Share of the traces that begin in koe and are recorded; a trace that a producer began goes by its decision.',
    ),
  KOE_SCHEMA_REGISTRY_URL: httpAddress
    .optional()
    .describe('Base address of a schema registry that speaks the Confluent API. Unset: none is asked.'),
  KOE_SCHEMA_REGISTRY_USERNAME: optionalText.describe('User name (or API key) for the schema registry.'),
  KOE_SCHEMA_REGISTRY_PASSWORD: optionalText.meta(secret).describe('Password (or API secret) for the schema registry.'),
  KOE_SCHEMA_REGISTRY_WIRE_FORMAT: flag
    .default(false)
    .describe(
      'Begin enriched records with the id of their schema, as Confluent serializers do. Reading never needs it.',
    ),
  KOE_API_HOST: z.string().min(1).default('127.0.0.1').describe('Address on which the HTTP API listens.'),
  KOE_API_PORT: whole(0, 65_535).default(8080).describe('Port of the HTTP API; 0 takes any free one.'),
  KOE_API_REQUESTS_PER_MINUTE: whole(1, 1_000_000)
    .default(600)
    .describe('Requests that one API key may make in a minute; more are answered with 429.'),
  KOE_API_MAX_BODY_BYTES: whole(1024, 104_857_600)
    .default(8_388_608)
    .describe('Bytes that the body of a request may have.'),
  KOE_ALERT_GROUP_ID: z.string().min(1).max(200).default('koe.alert').describe('Consumer group of the alert workers.'),
  KOE_ALERT_CHANNELS: optionalText.describe(
    'JSON file that says who hears of alerts, and how; docs/alerts.md describes it. Unset: only the alert topic.',
  ),
  KOE_ALERT_LATENESS_SECONDS: whole(0, 3600)
    .default(30)
    .describe('How much feedback may be out of order before it counts as late and has its hours evaluated again.'),
  KOE_ALERT_IDLE_SECONDS: whole(1, 3600)
    .default(10)
    .describe('Time without a message after which a tenant is evaluated up to the present.'),
  KOE_ALERT_HORIZON_HOURS: whole(1, 24 * 31)
    .default(72)
    .describe('Older feedback is history: what is usual is learnt from it, and it alerts nobody.'),
  KOE_ALERT_UTC_OFFSET_MINUTES: whole(0, 840)
    .default(540)
    .describe('By how many minutes local time is ahead of UTC, for hours of the week and quiet hours.'),
  KOE_ALERT_TIMEOUT_MS: whole(100, 60_000)
    .default(10_000)
    .describe('Time that a receiver of alerts may take to answer.'),
  KOE_ALERT_ALLOW_PRIVATE: flag.default(false).describe('Let webhooks go to loopback and private addresses too.'),
  KOE_SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be an smtp or smtps address' })
    .optional()
    .meta(secret)
    .describe('Mail server for alerts, `smtp://user:password@host:port`. Unset: e-mails wait in the outbox.'),
  KOE_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least severe log line that is written.'),
});

/** koe's settings after validation, by the names of their environment variables. */
export type Settings = z.infer<typeof settingsSchema>;

/** Settings that may come from a file instead, named by `NAME_FILE`, and that nothing koe writes ever holds. */
export const secretNames: readonly string[] = Object.entries(settingsSchema.shape)
  .filter(([, schema]) => schema.meta()?.secret === true)
  .map(([name]) => name);

/** The environment does not make a valid configuration; the message lists every problem, one a line. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Reads the settings from an environment, secrets also from the files that it names.
 *
 * @throws ConfigurationError naming every problem at once: bad values, unknown `KOE_` names, missing companions,
 *   unreadable files
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const names = Object.keys(settingsSchema.shape);
  const known = [...names, ...secretNames.map((name) => `${name}_FILE`)];
  const { values, problems: unread } = withSecretFiles(environment, secretNames);
  const given = Object.fromEntries(
    names.map((name) => [name, values[name]] as const).filter(([, value]) => value !== undefined && value !== ''),
  );
  const problems = Object.keys(environment)
    .filter((name) => isMistaken(name, known))
    .map((name) => `${name}: no such setting${suggestion(name, known)}`)
    .concat(unread);
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  } else {
    problems.push(...missingCompanions(parsed.data));
  }
  if (!parsed.success || problems.length > 0) {
    throw new ConfigurationError(
      `The configuration has problems:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
  return parsed.data;
}

function missingCompanions(settings: Settings): string[] {
  const problems: string[] = [];
  if (settings.KAFKA_SASL_MECHANISM !== undefined) {
    for (const name of ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const) {
      if (settings[name] === undefined) problems.push(`${name}: required with KAFKA_SASL_MECHANISM`);
    }
  }
  const { MONGODB_URI: uri, MONGODB_USERNAME: user, MONGODB_PASSWORD: password } = settings;
  if (uri !== undefined && settings.KOE_CUSTOMER_ID === 'pseudonym' && settings.KOE_PSEUDONYM_KEY === undefined) {
    problems.push('KOE_PSEUDONYM_KEY: required with MONGODB_URI');
  }
  if (settings.KOE_PSEUDONYM_EARLIER_KEYS !== undefined && settings.KOE_PSEUDONYM_KEY === undefined) {
    problems.push('KOE_PSEUDONYM_KEY: required with KOE_PSEUDONYM_EARLIER_KEYS');
  }
  const { KOE_SCHEMA_REGISTRY_USERNAME: registryUser, KOE_SCHEMA_REGISTRY_PASSWORD: registryPassword } = settings;
  if ((registryUser === undefined) !== (registryPassword === undefined)) {
    problems.push('KOE_SCHEMA_REGISTRY_USERNAME and KOE_SCHEMA_REGISTRY_PASSWORD: neither does without the other');
  }
  if (settings.KOE_SCHEMA_REGISTRY_WIRE_FORMAT && settings.KOE_SCHEMA_REGISTRY_URL === undefined) {
    problems.push('KOE_SCHEMA_REGISTRY_URL: required with KOE_SCHEMA_REGISTRY_WIRE_FORMAT');
  }
  if ((user === undefined) !== (password === undefined)) {
    problems.push('MONGODB_USERNAME and MONGODB_PASSWORD: neither does without the other');
  }
  if (user !== undefined && (uri === undefined || /^[a-z+]{1,20}:\/\/[^/?]*@/.test(uri))) {
    problems.push('MONGODB_USERNAME: for a MONGODB_URI that holds no user');
  }
  return problems;
}

/**
 * Names of koe's own that it does not know, and near misses of the addresses: KAFKA_BROKER would leave a worker on its
 * embedded servers in silence. Other names of Kafka and MongoDB belong to other programs.
 */
function isMistaken(name: string, known: readonly string[]): boolean {
  if (known.includes(name)) return false;
  if (name.startsWith('KOE_')) return !name.startsWith('KOE_TEST_');
  const address = /^KAFKA_/.test(name) ? 'KAFKA_BROKERS' : /^MONGO/.test(name) ? 'MONGODB_URI' : undefined;
  return address !== undefined && distance(name, address) <= 2;
}

function suggestion(name: string, known: readonly string[]): string {
  const nearest = closest(name, [...known]);
  return distance(name, nearest) <= farthestTypo ? `; did you mean ${nearest}?` : '';
}
