import { DependencyError } from '../domain/dependency-error.ts';

/** Where a schema registry is and how to prove who we are. */
export interface SchemaRegistrySettings {
  readonly url: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Milliseconds until an unanswered request has failed; 10,000 when absent. */
  readonly timeoutMs?: number;
}

/** A schema registry; every call throws DependencyError, transient while it is away, permanent when it refuses. */
export interface SchemaRegistry {
  /**
   * The id of a JSON Schema under a subject. It is looked up first, so that who may only read can do with a schema that
   * somebody else has registered.
   */
  register(subject: string, schema: object): Promise<number>;
  /**
   * Why whoever reads by this schema may fail on what the subject's latest one describes, by the rules set for the
   * subject; undefined where it has none.
   */
  objections(subject: string, schema: object): Promise<readonly string[] | undefined>;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const name = 'schema-registry';
const contentType = 'application/vnd.schemaregistry.v1+json';
const notFound: ReadonlySet<unknown> = new Set([40401, 40402, 40403]);
const longestMessage = 1_000;

/**
 * A client of schema registries that speak Confluent's REST interface. Holds no connection open.
 *
 * Source: Confluent Platform, "Schema Registry API Reference" (docs.confluent.io, schema-registry/develop/api.html).
 */
export function createSchemaRegistry(settings: SchemaRegistrySettings): SchemaRegistry {
  const post = (path: string, schema: object) => request(settings, path, schema);
  return {
    async register(subject, schema) {
      const path = `/subjects/${encodeURIComponent(subject)}`;
      const found = await post(path, schema);
      if (found.status === 200) return idOf(found, subject);
      if (!isUnknown(found)) throw refusal(found, subject);
      const registered = await post(`${path}/versions`, schema);
      if (registered.status === 200) return idOf(registered, subject);
      throw refusal(registered, subject);
    },
    async objections(subject, schema) {
      const path = `/compatibility/subjects/${encodeURIComponent(subject)}/versions/latest?verbose=true`;
      const answer = await post(path, schema);
      if (isUnknown(answer)) return undefined;
      if (answer.status !== 200) throw refusal(answer, subject);
      const { is_compatible: compatible, messages } = answer.body;
      if (compatible === true) return [];
      const reasons = Array.isArray(messages) ? messages.map((text) => String(text).slice(0, longestMessage)) : [];
      return reasons.length === 0 ? ['it gives no reason'] : reasons;
    },
  };
}

async function request(
  { url, credentials, timeoutMs = 10_000 }: SchemaRegistrySettings,
  path: string,
  schema: object,
): Promise<Answer> {
  const { username, password } = credentials ?? {};
  const headers = {
    'content-type': contentType,
    accept: `${contentType}, application/json`,
    ...(credentials && { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }),
  };
  const body = JSON.stringify({ schemaType: 'JSON', schema: JSON.stringify(schema) });
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}${path}`, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, body: objectOf(await response.text()) };
  } catch (cause) {
    throw unreachable(cause);
  }
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isUnknown({ status, body }: Answer): boolean {
  return status === 404 && notFound.has(body.error_code);
}

function idOf({ body }: Answer, subject: string): number {
  if (typeof body.id === 'number' && Number.isInteger(body.id)) return body.id;
  throw new DependencyError(name, 'permanent', `KOE_SCHEMA_REGISTRY_URL answers without the id of ${subject}`);
}

function refusal({ status, body }: Answer, subject: string): DependencyError {
  const said = typeof body.message === 'string' ? `: ${body.message.slice(0, longestMessage)}` : '';
  const answer = `(${[...new Set([status, body.error_code])].filter(Boolean).join(', ')}${said})`;
  const transient = status >= 500 || status === 429 || status === 408;
  if (transient) return new DependencyError(name, 'transient', `the schema registry failed ${answer}`);
  return new DependencyError(
    name,
    'permanent',
    `the schema registry refuses ${subject}: ${adviceFor(status)} ${answer}`,
  );
}

function adviceFor(status: number): string {
  if (status === 401) return 'set KOE_SCHEMA_REGISTRY_USERNAME and KOE_SCHEMA_REGISTRY_PASSWORD to what it knows';
  if (status === 403) return 'this user may not read or not register it; grant that, or let somebody else register it';
  if (status === 404) return 'KOE_SCHEMA_REGISTRY_URL is no registry; some have a path, such as /apis/ccompat/v7';
  if (status === 409)
    return 'the schema of this koe is not compatible with what is registered; make its readers ready, then set the compatibility of the subject to NONE for the one start that registers it';
  return 'it does not take the schema as it is';
}

function unreachable(cause: unknown): DependencyError {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = reason instanceof Error && 'code' in reason ? String(reason.code) : '';
  if (/CERT|SIGNED|VERIFY_LEAF/.test(code)) {
    const advice = 'its certificate is not trusted; NODE_EXTRA_CA_CERTS can name the authority that signed it';
    return new DependencyError(name, 'permanent', `the schema registry cannot be used: ${advice} (${code})`, { cause });
  }
  const why = reason instanceof Error ? reason.message || code : 'no answer';
  return new DependencyError(name, 'transient', `the schema registry cannot be reached: ${why}`, { cause });
}
