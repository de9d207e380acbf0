import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrokerParts, Outcome, RequestInfo } from './apis/api.ts';
import { API_TABLE, writeApiVersions } from './apis/api-table.ts';
import type { Fault, FaultHook } from './faults.ts';
import { ErrorCode } from './protocol/errors.ts';
import { FrameSplitter } from './protocol/frame-splitter.ts';
import { MalformedRequestError, Reader, Writer } from './protocol/wire.ts';

const API_VERSIONS_KEY = 18;
const QUEUED_BYTES_LIMIT = 1024 * 1024;

/** What a connection needs of its broker. */
export interface ConnectionOptions {
  readonly parts: BrokerParts;
  readonly advertised: RequestInfo['advertised'];
  readonly maxRequestBytes: number;
  readonly faults: FaultHook | undefined;
  /** Told of defects of this broker; the connection they happened on is closed. */
  readonly onError: (error: unknown) => void;
}

/**
 * Serves one client: requests are handled one after the other and answered in their order.
 *
 * Bytes that are no request, and requests this broker does not know, close the connection.
 */
export function serveConnection(socket: Socket, options: ConnectionOptions): void {
  const gone = new AbortController();
  const frames = new FrameSplitter(options.maxRequestBytes);
  const queue: Buffer[] = [];
  let queuedBytes = 0;
  let working = false;

  const work = async () => {
    working = true;
    for (let frame = queue.shift(); frame !== undefined && !socket.destroyed; frame = queue.shift()) {
      queuedBytes -= frame.length;
      await serveRequest(frame);
      if (queuedBytes <= QUEUED_BYTES_LIMIT && socket.isPaused()) socket.resume();
    }
    working = false;
  };

  const serveRequest = async (frame: Buffer) => {
    try {
      const outcome = await answer(frame, socket, options, gone.signal);
      if (outcome === 'hang-up') socket.destroy();
    } catch (error) {
      socket.destroy();
      if (!(error instanceof MalformedRequestError)) options.onError(error);
    }
  };

  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    try {
      for (const frame of frames.push(chunk)) {
        queue.push(frame);
        queuedBytes += frame.length;
      }
    } catch (error) {
      if (!(error instanceof MalformedRequestError)) throw error;
      socket.destroy();
      return;
    }
    // Reading goes on while a request waits, so that a client that goes away is noticed; up to this much.
    if (queuedBytes > QUEUED_BYTES_LIMIT) socket.pause();
    if (!working) void work();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => gone.abort());
}

async function answer(
  frame: Buffer,
  socket: Socket,
  { parts, advertised, faults }: ConnectionOptions,
  gone: AbortSignal,
): Promise<Outcome> {
  const input = new Reader(frame);
  const key = input.int16();
  const version = input.int16();
  const output = new Writer().int32(input.int32());
  const clientId = input.nullableString() ?? '';
  const api = API_TABLE.get(key);
  if (api === undefined) return 'hang-up';
  if (version < api.versions[0] || version > api.versions[1]) {
    if (key !== API_VERSIONS_KEY) return 'hang-up';
    writeApiVersions(output, 0, ErrorCode.UNSUPPORTED_VERSION);
    return send(socket, output, gone);
  }
  const fault: Fault = faults?.({ at: 'request', api: api.name, version, clientId }) ?? {};
  if (fault.delayMs !== undefined) await delay(fault.delayMs);
  if (fault.closeConnection === 'before' || gone.aborted) return 'hang-up';
  const request: RequestInfo = {
    version,
    clientId,
    clientHost: `/${socket.remoteAddress ?? ''}`,
    advertised: isWildcard(advertised.host)
      ? { host: socket.localAddress ?? advertised.host, port: advertised.port }
      : advertised,
    refusal: fault.errorCode,
    gone,
  };
  const outcome = await api.handle(parts, request, input, output);
  if (fault.closeConnection === 'after') return 'hang-up';
  return outcome === 'reply' ? send(socket, output, gone) : outcome;
}

/** Sends a response; resolves when the client has taken enough of it for the next one. */
async function send(socket: Socket, output: Writer, gone: AbortSignal): Promise<Outcome> {
  if (socket.destroyed) return 'hang-up';
  socket.cork();
  let flowing = true;
  for (const part of output.frame()) flowing = socket.write(part);
  socket.uncork();
  if (!flowing && socket.writableNeedDrain) {
    // The client may go away without taking it: then there is nothing to wait for.
    await once(socket, 'drain', { signal: gone }).catch(() => undefined);
  }
  return 'reply';
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
