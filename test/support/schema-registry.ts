import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { type JsonSchema, narrowings } from '../../docs/generate/schema-compatibility.ts';

/** A schema registry for one test file. */
export interface TestSchemaRegistry {
  readonly url: string;
  /** Requests so far, as `METHOD /path`. */
  readonly requests: readonly string[];
  /** Answers the next requests like this instead, one each. */
  failNext(...answers: readonly FailedAnswer[]): void;
  close(): Promise<void>;
}

interface FailedAnswer {
  readonly status: number;
  readonly body?: object | string;
}

/** A failure as the registry reports it. */
class RestError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * A registry of JSON Schemas in memory under the default compatibility, BACKWARD: what it knows is what koe asks for.
 *
 * Source: Confluent Platform, "Schema Registry API Reference" (docs.confluent.io, schema-registry/develop/api.html):
 * POST /subjects/{subject}, POST /subjects/{subject}/versions, POST /compatibility/subjects/{subject}/versions/{version}.
 */
export async function startSchemaRegistry(
  options: { credentials?: { username: string; password: string } } = {},
): Promise<TestSchemaRegistry> {
  const { credentials } = options;
  const subjects = new Map<string, { readonly id: number; readonly schema: JsonSchema }[]>();
  const requests: string[] = [];
  const failures: FailedAnswer[] = [];
  let lastId = 0;

  function versionsOf(subject: string) {
    const versions = subjects.get(subject);
    if (versions === undefined) throw new RestError(404, 40401, `Subject '${subject}' not found.`);
    return versions;
  }

  function lookUp(subject: string, schema: JsonSchema): object {
    const versions = versionsOf(subject);
    const index = versions.findIndex((version) => isDeepStrictEqual(version.schema, schema));
    const found = versions[index];
    if (found === undefined) throw new RestError(404, 40403, 'Schema not found');
    return { subject, id: found.id, version: index + 1, schemaType: 'JSON', schema: JSON.stringify(schema) };
  }

  function register(subject: string, schema: JsonSchema): object {
    const versions = subjects.get(subject) ?? [];
    const same = versions.find((version) => isDeepStrictEqual(version.schema, schema));
    if (same !== undefined) return { id: same.id };
    const latest = versions.at(-1);
    const objections = latest === undefined ? [] : narrowings(latest.schema, schema);
    if (objections.length > 0) {
      throw new RestError(409, 409, `Schema being registered is incompatible with an earlier schema: ${objections[0]}`);
    }
    const known = [...subjects.values()].flat().find((version) => isDeepStrictEqual(version.schema, schema));
    if (known === undefined) lastId += 1;
    const id = known?.id ?? lastId;
    subjects.set(subject, [...versions, { id, schema }]);
    return { id };
  }

  function compare(subject: string, schema: JsonSchema): object {
    const latest = versionsOf(subject).at(-1);
    const messages = latest === undefined ? [] : narrowings(latest.schema, schema);
    return { is_compatible: messages.length === 0, messages };
  }

  async function answer(request: IncomingMessage): Promise<object> {
    const [path = ''] = (request.url ?? '').split('?');
    requests.push(`${request.method} ${path}`);
    const body = await bodyOf(request);
    if (credentials !== undefined) {
      const expected = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
      if (request.headers.authorization !== `Basic ${expected}`) throw new RestError(401, 40101, 'Unauthorized');
    }
    const [, checks, encoded = '', versions] =
      /^(\/compatibility)?\/subjects\/([^/]+)(\/versions(?:\/latest)?)?$/.exec(path) ?? [];
    if (request.method !== 'POST' || encoded === '') throw new RestError(404, 404, 'HTTP 404 Not Found');
    const subject = decodeURIComponent(encoded);
    const schema = schemaOf(body);
    if (checks !== undefined) return compare(subject, schema);
    return versions === undefined ? lookUp(subject, schema) : register(subject, schema);
  }

  const server = createServer(async (request, response) => {
    const failure = failures.shift();
    if (failure !== undefined) {
      request.resume();
      reply(response, failure.status, failure.body ?? {});
      return;
    }
    try {
      reply(response, 200, await answer(request));
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      reply(response, error.status, { error_code: error.code, message: error.message });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    failNext: (...answers) => {
      failures.push(...answers);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function schemaOf(body: string): JsonSchema {
  const { schemaType, schema } = JSON.parse(body) as { schemaType?: string; schema?: string };
  // Without a type it would be Avro, which the default is.
  if (schemaType !== 'JSON' || schema === undefined) throw new RestError(422, 42201, 'Invalid schema');
  return JSON.parse(schema) as JsonSchema;
}

function reply(response: ServerResponse, status: number, body: object | string): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' }).end(text);
}
