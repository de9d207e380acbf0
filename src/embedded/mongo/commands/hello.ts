import { Long, ObjectId } from 'bson';
import { type Doc, docOf } from '../bson/doc.ts';
import { maxDocumentBytes } from '../storage/write-unit.ts';
import { maxMessageBytes } from '../wire/message.ts';
import type { Command, CommandContext, Commands } from './command.ts';

/** The name of the one-node replica set the server says it is. */
export const replicaSet = 'koe';

const version = '7.0.0';

const hello: Command = {
  fields: [
    ...['helloOk', 'client', 'compression', 'loadBalanced', 'hostInfo'],
    ...['saslSupportedMechs', 'speculativeAuthenticate', 'backpressure'],
  ],
  run: (command, context) => describe(context, 'hello' in command),
};

/**
 * No `topologyVersion`: with it drivers keep a streaming monitor, whose broken connection makes the Node.js driver
 * forget what the server can do before it looks at the write that broke with it, and then it does not retry the write.
 */
function describe({ address, connection, store }: CommandContext, isHello: boolean): Doc {
  return docOf({
    helloOk: true,
    [isHello ? 'isWritablePrimary' : 'ismaster']: true,
    secondary: false,
    setName: replicaSet,
    setVersion: 1,
    electionId: new ObjectId('7fffffff0000000000000001'),
    hosts: [address],
    primary: address,
    me: address,
    maxBsonObjectSize: maxDocumentBytes,
    maxMessageSizeBytes: maxMessageBytes,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    lastWrite: docOf({
      opTime: docOf({ ts: store.operationTime, t: Long.ONE }),
      lastWriteDate: new Date(store.now.t * 1000),
    }),
    ok: 1,
  });
}

/** https://www.mongodb.com/docs/manual/reference/command/nav-diagnostic/ and what drivers ask when they connect. */
export const helloCommands: Commands = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: { fields: [], run: () => docOf({ ok: 1 }) },
  buildInfo: {
    fields: [],
    run: () =>
      docOf({
        version,
        gitVersion: 'koe-embedded',
        modules: ['koe-embedded'],
        versionArray: [7, 0, 0, 0],
        bits: 64,
        debug: false,
        maxBsonObjectSize: maxDocumentBytes,
        storageEngines: ['koe'],
        ok: 1,
      }),
  },
  connectionStatus: {
    fields: ['showPrivileges'],
    run: () => docOf({ authInfo: docOf({ authenticatedUsers: [], authenticatedUserRoles: [] }), ok: 1 }),
  },
  serverStatus: {
    fields: [],
    run: (_, { address, cursors }) =>
      docOf({
        host: address,
        version,
        process: 'koe-embedded-mongo',
        pid: Long.fromNumber(process.pid),
        uptime: Math.floor(process.uptime()),
        localTime: new Date(),
        repl: docOf({ setName: replicaSet, isWritablePrimary: true, hosts: [address], primary: address, me: address }),
        storageEngine: docOf({ name: 'koe', persistent: true, supportsCommittedReads: true }),
        metrics: docOf({ cursor: docOf({ open: docOf({ total: cursors.size }) }) }),
        ok: 1,
      }),
  },
  getParameter: {
    fields: ['featureCompatibilityVersion', 'allParameters'],
    run: () => docOf({ featureCompatibilityVersion: docOf({ version: '7.0' }), ok: 1 }),
  },
  endSessions: { fields: [], run: () => docOf({ ok: 1 }) },
  refreshSessions: { fields: [], run: () => docOf({ ok: 1 }) },
  killSessions: { fields: [], run: () => docOf({ ok: 1 }) },
};
