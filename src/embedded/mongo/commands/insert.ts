import { ObjectId } from 'bson';
import { Doc, docOf } from '../bson/doc.ts';
import { MongoFault } from '../errors.ts';
import { type Commands, collectionName, databaseOf, docsField, flagField } from './command.ts';
import { writeBatch } from './write-batch.ts';

/** https://www.mongodb.com/docs/manual/reference/command/insert/ */
export const insertCommands: Commands = {
  insert: {
    fields: ['documents', 'ordered', 'bypassDocumentValidation', 'stmtId', 'stmtIds'],
    async run(command, context) {
      const documents = docsField(command, 'documents');
      const collection = context.store.require(databaseOf(command), collectionName(command, 'insert'));
      const bypass = flagField(command, 'bypassDocumentValidation');
      const { results, fields } = await writeBatch(command, context, documents, (document, unit) => {
        const doc = withId(document);
        if (!bypass) collection.validator?.check(doc);
        unit.insert(collection, doc);
        return docOf({ n: 1 });
      });
      return docOf({ n: results.size, ...fields, ok: 1 });
    },
  },
};

/** The document with `_id` first; one without gets an ObjectId. Throws 53 InvalidIdField. */
export function withId(document: Doc): Doc {
  const id = document._id === undefined ? new ObjectId() : document._id;
  checkId(id);
  if (Object.keys(document)[0] === '_id') return document;
  const doc = new Doc();
  doc._id = id;
  for (const key in document) if (key !== '_id') doc[key] = document[key];
  return doc;
}

function checkId(id: unknown): void {
  if (Array.isArray(id)) throw new MongoFault(53, "The '_id' value cannot be of type array");
  if (typeof id === 'object' && id !== null && '_bsontype' in id && id._bsontype === 'BSONRegExp') {
    throw new MongoFault(53, "The '_id' value cannot be of type regex");
  }
  if (id instanceof Doc) {
    const dollar = Object.keys(id).find((key) => key.startsWith('$'));
    if (dollar !== undefined)
      throw new MongoFault(52, `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`);
  }
}
