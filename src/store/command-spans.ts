import type { CommandStartedEvent, MongoClient } from 'mongodb';
import type { Span, SpanOptions, Tracer } from '../domain/tracing.ts';

/**
 * Records the commands that a client sends for traced work, as the driver tells of them. Their content stays out of it;
 * what nobody traces, such as the refreshing of roll-ups, is not recorded. The client must have been made with
 * `monitorCommands`.
 *
 * Source: OpenTelemetry, "Semantic conventions for MongoDB".
 */
export function traceCommands(client: MongoClient, tracer: Tracer): void {
  const open = new Map<number, Span>();
  client.on('commandStarted', (event) => {
    if (!tracer.inside()) return;
    const collection = collectionOf(event);
    const name = collection === undefined ? event.commandName : `${event.commandName} ${collection}`;
    open.set(event.requestId, tracer.begin(name, describe(event, collection)));
  });
  client.on('commandSucceeded', ({ requestId }) => end(requestId));
  client.on('commandFailed', ({ requestId, failure }) => end(requestId, failure));

  function end(requestId: number, failure?: Error): void {
    const span = open.get(requestId);
    open.delete(requestId);
    if (failure !== undefined) span?.fail(failure);
    span?.end();
  }
}

function describe(
  { commandName, databaseName, address, command }: CommandStartedEvent,
  collection?: string,
): SpanOptions {
  const [, host = address, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  const items: unknown = command.documents ?? command.updates ?? command.deletes;
  return {
    kind: 'client',
    attributes: {
      'db.system.name': 'mongodb',
      'db.namespace': databaseName,
      'db.operation.name': commandName,
      ...(collection !== undefined && { 'db.collection.name': collection }),
      ...(Array.isArray(items) && items.length > 1 && { 'db.operation.batch.size': items.length }),
      'server.address': host,
      ...(port !== undefined && { 'server.port': Number(port) }),
    },
  };
}

function collectionOf({ command, commandName }: CommandStartedEvent): string | undefined {
  const named: unknown = commandName === 'getMore' ? command.collection : command[commandName];
  return typeof named === 'string' ? named : undefined;
}
