import { docOf } from '../bson/doc.ts';
import { wholeNumber } from '../bson/numbers.ts';
import { MongoFault } from '../errors.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { findRecords } from '../query/find-records.ts';
import { type Commands, checkCollation, docField, docsField, letScope, readCollection } from './command.ts';
import { writeBatch } from './write-batch.ts';

/** https://www.mongodb.com/docs/manual/reference/command/delete/ */
export const deleteCommands: Commands = {
  delete: {
    fields: ['deletes', 'ordered', 'let', 'stmtId', 'stmtIds'],
    async run(command, context) {
      const deletes = docsField(command, 'deletes');
      const collection = readCollection(command, 'delete', context);
      const scope = letScope(command);
      const { results, fields } = await writeBatch(command, context, deletes, (statement, unit) => {
        for (const field in statement) {
          if (!['q', 'limit', 'collation', 'hint'].includes(field)) {
            throw new MongoFault(40415, `BSON field 'delete.deletes.${field}' is an unknown field.`);
          }
        }
        if (statement.collation !== undefined) checkCollation(statement.collation);
        const limit = wholeNumber(statement.limit);
        if (limit !== 0 && limit !== 1)
          throw new MongoFault(9, `The limit field in delete objects must be 0 or 1. Got ${limit}`);
        const filter = docField(statement, 'q');
        const matches = compileFilter(filter, scope);
        if (collection === undefined) return docOf({ n: 0 });
        const { records } = findRecords(collection, { filter, matches, hint: statement.hint, limit });
        for (const record of records) unit.remove(collection, record);
        return docOf({ n: records.length });
      });
      let n = 0;
      for (const result of results.values()) n += Number(result.n);
      return docOf({ n, ...fields, ok: 1 });
    },
  },
};
