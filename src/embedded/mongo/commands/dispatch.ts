import { type Doc, docOf } from '../bson/doc.ts';
import { MongoFault, unsupported } from '../errors.ts';
import { aggregateCommands } from './aggregate.ts';
import { catalogCommands } from './catalog.ts';
import { type CommandContext, type Commands, checkFields } from './command.ts';
import { deleteCommands } from './delete.ts';
import { explainCommands } from './explain.ts';
import { findCommands } from './find.ts';
import { findAndModifyCommands } from './find-and-modify.ts';
import { helloCommands } from './hello.ts';
import { indexCommands } from './indexes.ts';
import { insertCommands } from './insert.ts';
import { updateCommands } from './update.ts';

const commands: Commands = {
  ...aggregateCommands,
  ...catalogCommands,
  ...deleteCommands,
  ...explainCommands,
  ...findAndModifyCommands,
  ...findCommands,
  ...helloCommands,
  ...indexCommands,
  ...insertCommands,
  ...updateCommands,
};

const retryableNames = new Set(['insert', 'update', 'delete', 'findAndModify']);

/** The name of a command: its first field. */
export function commandName(command: Doc): string {
  return Object.keys(command)[0] ?? '';
}

/** Carries out a command and gives its reply; what fails becomes a reply with `ok: 0`. */
export async function dispatch(command: Doc, context: CommandContext): Promise<Doc> {
  let reply: Doc;
  try {
    const name = commandName(command);
    const known = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command.startTransaction !== undefined || command.autocommit !== undefined) {
      // Not MongoDB's 20 IllegalOperation, which drivers take for a server without retryable writes and say so.
      throw new MongoFault(263, "koe's embedded server does not support multi-document transactions");
    }
    if (known === undefined) throw new MongoFault(59, `no such command: '${name}'`);
    if (command.txnNumber !== undefined && !retryableNames.has(name)) throw unsupported(`txnNumber with ${name}`);
    checkFields(name, command, known.fields);
    reply = await known.run(command, context);
  } catch (error) {
    reply = failure(error);
  }
  reply.operationTime = context.store.operationTime;
  return reply;
}

/** The reply that tells a client of an error. */
export function failure(error: unknown): Doc {
  if (error instanceof MongoFault) {
    const { code, codeName, message, extra } = error;
    return docOf({ ok: 0, errmsg: message, code, codeName, ...extra });
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return docOf({ ok: 0, errmsg: `internal error: ${message}`, code: 1, codeName: 'InternalError' });
}
