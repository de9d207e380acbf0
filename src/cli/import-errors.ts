import { type FileHandle, open, rm } from 'node:fs/promises';
import { UsageError } from '../app/exit-code.ts';
import type { RefusedRow } from '../app/import-feedback.ts';
import { byteOrderMark, csvLine } from '../export/csv.ts';
import { cellText } from '../import/source-row.ts';

/**
 * A CSV file of the rows that were not sent: number of the row, fields, reasons, and the cells as they were. Its own
 * columns begin with `koe:`, so that the file can be mended and imported itself.
 */
export class ImportErrors {
  readonly #path: string;
  readonly #columns: readonly string[];
  readonly #goesOn: boolean;
  #file: FileHandle | undefined;
  #count = 0;

  /** @param goesOn keeps what an import that was interrupted has written */
  constructor(path: string, columns: readonly string[], goesOn: boolean) {
    this.#path = path;
    this.#columns = columns;
    this.#goesOn = goesOn;
  }

  /** Rows written. */
  get count(): number {
    return this.#count;
  }

  /** Removes the file of an earlier import: the rows in it may be good now. */
  async prepare(): Promise<void> {
    if (!this.#goesOn) await rm(this.#path, { force: true });
  }

  /** Adds rows; the file is made with the first one. @throws UsageError when it cannot be written */
  async add(refusals: readonly RefusedRow[]): Promise<void> {
    if (refusals.length === 0) return;
    this.#file ??= await this.#open();
    const lines = refusals.map(({ row, problems }) => {
      const fields = problems.map(({ field }) => field).join('; ');
      const reasons = problems.map(({ reason }) => reason).join('; ');
      return csvLine([row.number, fields, reasons, ...row.cells.map((cell) => cellText(cell))]);
    });
    await this.#file.appendFile(lines.join(''));
    this.#count += refusals.length;
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #open(): Promise<FileHandle> {
    // What customers said stands in it unmasked, so it is for nobody else.
    const file = await open(this.#path, 'a', 0o600).catch((cause: unknown) => {
      throw new UsageError(`cannot write ${this.#path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    });
    if ((await file.stat()).size === 0) {
      await file.appendFile(byteOrderMark + csvLine(['koe:row', 'koe:field', 'koe:reason', ...this.#columns]));
    }
    return file;
  }
}
