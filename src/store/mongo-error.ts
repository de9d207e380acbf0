import {
  MongoError,
  MongoInvalidArgumentError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { DependencyError } from '../domain/dependency-error.ts';

const unauthorized = 13;
const wrongCredentials = 'user name or password is wrong, or authSource names a database that does not know the user';
const otherServer = 'this server lacks something that koe needs: use MongoDB 6 or newer';
const tooLarge = 'a document is larger than the server takes: a defect of koe, report it';

/**
 * Server error codes that no waiting mends, with what the operator has to do.
 *
 * Source: src/mongo/base/error_codes.yml of MongoDB; 17419 and 17420 are `uassert` codes of its update stages.
 */
const refusals: ReadonlyMap<unknown, string> = new Map([
  [unauthorized, 'this user lacks a right that koe needs: docs/operations.md lists them'],
  [18, wrongCredentials],
  [8000, wrongCredentials], // Atlas
  [59, otherServer],
  [115, otherServer],
  [334, 'the server does not offer this way to authenticate: change authMechanism in MONGODB_URI'],
  [40573, 'following changes as they happen needs a replica set: start mongod with --replSet'],
  [73, 'the name of the database is not allowed: change KOE_MONGODB_DATABASE'],
  [121, 'the validators are of another version of koe: finish the roll-out, so that one version runs'],
  [10334, tooLarge],
  [17419, tooLarge],
  [17420, tooLarge],
]);

const unknownAuthority =
  "no trusted authority signed MongoDB's certificate: name the one that did by tlsCAFile in MONGODB_URI";

const noCertificate = 'MongoDB wants a client certificate: name one by tlsCertificateKeyFile in MONGODB_URI';

/** What the operator has to do about a TLS handshake that fails in the same way every time. */
const tlsRefusals: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID: "MongoDB's certificate is for another name: use one of its names in MONGODB_URI",
  CERT_HAS_EXPIRED: "MongoDB's certificate has expired: renew it",
  CERT_NOT_YET_VALID: "MongoDB's certificate is not valid yet: look at the clocks",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: noCertificate,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: noCertificate,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA:
    'MongoDB does not know the authority of the certificate that tlsCertificateKeyFile names',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS on this port: remove tls=true from MONGODB_URI',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the server does not speak TLS on this port: remove tls=true from MONGODB_URI',
};

/**
 * Runs database work and turns what the driver throws into a DependencyError; anything else passes as it is.
 */
export async function withMongo<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MongoError) throw translate(error);
    if (isDnsError(error)) {
      throw new DependencyError('mongodb', 'transient', `MongoDB cannot be found: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** The driver passes on what Node says when a mongodb+srv:// name cannot be looked up. */
function isDnsError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && /^query/.test(String(error.syscall));
}

function translate(error: MongoError): DependencyError {
  const code = error instanceof MongoServerError ? error.code : undefined;
  const advice = refusals.get(code) ?? tlsRefusal(error);
  // What MongoDB says of a right that is missing repeats the command, and with it customers' words.
  if (code === unauthorized) return new DependencyError('mongodb', 'permanent', `MongoDB refused: ${advice} (13)`);
  const options = { cause: error };
  if (advice !== undefined) {
    const message = `MongoDB refused: ${advice} (${code ?? error.message})`;
    return new DependencyError('mongodb', 'permanent', message, options);
  }
  if (error instanceof MongoInvalidArgumentError) {
    return new DependencyError('mongodb', 'permanent', `MongoDB refused: ${error.message}`, options);
  }
  const away = error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;
  const what = away ? 'MongoDB cannot be reached' : 'MongoDB failed';
  return new DependencyError('mongodb', 'transient', `${what}: ${error.message}`, options);
}

/** Why TLS fails, if it does so for every server that was tried: one bad certificate of several is not final. */
function tlsRefusal(error: MongoError): string | undefined {
  if (!(error instanceof MongoServerSelectionError)) return undefined;
  const faults = [...(error.reason?.servers.values() ?? [])].map((server) => server.error);
  const refused = faults.map((fault) => tlsRefusals[codeOf(fault)]);
  return refused.includes(undefined) ? undefined : refused[0];
}

function codeOf(error: Error | null): string {
  const cause = error?.cause;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}
