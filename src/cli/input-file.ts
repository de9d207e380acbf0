import { createReadStream, type ReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { UsageError } from '../app/exit-code.ts';

/** A file that can be read, from the beginning each time. */
export interface InputFile {
  readonly bytes: number;
  stream(): ReadStream;
}

/** Makes sure that a file can be read. @throws UsageError that says why it cannot */
export async function openInput(path: string): Promise<InputFile> {
  const described = async () => {
    const found = await stat(path);
    await access(path, constants.R_OK);
    return found;
  };
  const found = await described().catch((cause: unknown) => {
    throw new UsageError(`cannot read ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  });
  if (found.isDirectory()) throw new UsageError(`cannot read ${path}: it is a folder`);
  return { bytes: found.size, stream: () => createReadStream(path) };
}
