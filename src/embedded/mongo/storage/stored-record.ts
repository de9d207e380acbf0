import type { Doc } from '../bson/doc.ts';

/** A document in its collection; `doc` is replaced as a whole when it changes and never altered. */
export interface StoredRecord {
  /** Position in the order of insertion. */
  readonly order: number;
  /** The key of `_id`. */
  readonly key: string;
  doc: Doc;
  /** Bytes of the document as BSON. */
  size: number;
}
