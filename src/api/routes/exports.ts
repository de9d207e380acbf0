import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { zoneOffset } from '../../domain/instant.ts';
import { encodeTable, headingLanguages, mediaTypes, tableFormats } from '../../export/encode-table.ts';
import { customerExports, type ExportName, exportNames, openExport } from '../../export/open-export.ts';
import type { ApiServices } from '../api-services.ts';
import { tenantOf } from '../authentication.ts';
import { fieldProblem } from '../problem.ts';
import { attributeName, filterParameters, type RequestedFilter, readFilter } from '../query-parameters.ts';
import { answers } from '../route-schema.ts';

const file = {
  description: 'The rows. A connection that ends before the answer does means that reading them failed.',
  content: Object.fromEntries(tableFormats.map((format) => [mediaTypes[format], { schema: z.string() }])),
};

const params = z.object({ name: z.enum(exportNames) });

const querystring = filterParameters.extend({
  format: z.enum(tableFormats).default('csv'),
  headings: z.enum(headingLanguages).default('ja').describe('`en` are names that stay the same, for machines.'),
  by: attributeName.optional().describe('Attribute by whose values the scores of `nps` are told apart.'),
});

/** Rows for spreadsheets, as they are read. */
export function exportRoutes(api: FastifyInstance, { database, taxonomy, now }: ApiServices): void {
  type Route = { Params: z.infer<typeof params>; Querystring: z.infer<typeof querystring> };
  api.get<Route>('/v1/exports/:name', {
    config: { role: 'reader' },
    schema: {
      summary: 'All rows of a question as CSV, XLSX or JSON lines',
      description:
        'CSV has a byte order mark, by which Excel knows UTF-8. Text that a spreadsheet might take for a formula begins with an apostrophe. JSON lines hold whole values as they are.',
      tags: ['exports'],
      params,
      querystring,
      response: { ...answers(z.any()), 200: file },
    },
    handler: async (request, reply) => {
      const { format, headings, by, ...given } = request.query;
      const { name } = request.params;
      const filter = readFilter(given, now());
      refuseWhatIsIgnored(name, { ...filter, by });
      const tenant = tenantOf(request);
      const topicName = (topic: string) =>
        headings === 'en' ? topic : (taxonomy.find(({ id }) => id === topic)?.names.ja ?? topic);
      const table = openExport(database, name, { ...filter, by, tenant }, { language: headings, topicName });
      const pieces = await begun(encodeTable(table, { format, headings, timeZone: given.tz, name }));
      return reply
        .header('content-type', mediaTypes[format])
        .header('content-disposition', `attachment; filename="${fileName([tenant, name], filter, given.tz)}.${format}"`)
        .header('x-content-type-options', 'nosniff')
        .send(Readable.from(pieces));
    },
  });
}

function refuseWhatIsIgnored(
  name: ExportName,
  { channel, attributes, by }: RequestedFilter & { readonly by: string | undefined },
): void {
  const refuse = (parameter: string) => fieldProblem(`query.${parameter}`, `does not choose rows of ${name}`);
  if (customerExports.has(name) && channel !== undefined) throw refuse('channel');
  if (customerExports.has(name) && attributes !== undefined) throw refuse('attribute');
  if (by !== undefined && name !== 'nps') throw refuse('by');
}

/** The same pieces with the first one read: what fails by then can still be told as a problem. */
async function begun(pieces: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
}

/** Letters, digits, dot, _ and - alone, as tenants and exports are named: `koe-shop-feedback-2026-11-01-2026-11-07`. */
function fileName(names: readonly string[], { since, until }: RequestedFilter, timeZone: string): string {
  const day = (time: number) => new Date(time + zoneOffset(time, timeZone)).toISOString().slice(0, 10);
  return ['koe', ...names, day(since.getTime()), day(until.getTime() - 1)].join('-');
}
