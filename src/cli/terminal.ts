import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** What a command talks to. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly input: AsyncIterable<Buffer | string>;
  readonly output: Writable;
  readonly errors: Writable;
}

/** Writes and waits while the reader is slower than the writer. */
export async function write(stream: Writable, text: string | Uint8Array): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

/** Width of the terminal in columns; a fixed one where the output goes elsewhere. */
export function columnsOf({ output }: Terminal): number {
  return 'columns' in output && typeof output.columns === 'number' ? output.columns : 180;
}
