import {
  MongoError,
  MongoInvalidArgumentError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { DependencyError } from '../domain/dependency-error.ts';

/** Server error codes that no waiting mends: authentication, authorisation, and commands the server refuses. */
const permanentCodes = new Set([13, 18, 8000, 59, 73, 121, 303]);

/**
 * Runs database work and turns what the driver throws into a DependencyError; anything else passes as it is.
 *
 * Source of the codes: MongoDB manual, "Error Codes".
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
  const permanent =
    error instanceof MongoInvalidArgumentError ||
    (error instanceof MongoServerError && typeof error.code === 'number' && permanentCodes.has(error.code));
  if (permanent) {
    return new DependencyError('mongodb', 'permanent', `MongoDB refused: ${error.message}`, { cause: error });
  }
  const away = error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;
  const what = away ? 'MongoDB cannot be reached' : 'MongoDB failed';
  return new DependencyError('mongodb', 'transient', `${what}: ${error.message}`, { cause: error });
}
