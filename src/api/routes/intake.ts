import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Accepted, ApiServices } from '../api-services.ts';
import { tenantOf } from '../authentication.ts';
import { ProblemError } from '../problem.ts';
import { answers } from '../route-schema.ts';

const most = 1000;

const result = z.object({
  id: z.string().optional().describe('Identifier of the piece, where it has one.'),
  status: z.enum(['accepted', 'refused']),
  code: z.string().optional().describe('Reject code, as of dead letters.'),
  detail: z.string().optional().describe('The field at fault and what it must be.'),
});

const results = z
  .object({ accepted: z.int(), refused: z.int(), results: z.array(result).describe('In the order of the pieces.') })
  .meta({ id: 'IntakeResults' });

const pieces = (what: string) =>
  z
    .union([z.array(z.looseObject({})).min(1).max(most), z.looseObject({})])
    .describe(`${what}: one, or an array of up to ${most}. The tenant is that of the key and may be left out.`);

const headers = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 visible ASCII characters')
    .optional()
    .describe('A request that is repeated under the same key within a day gets the first answer again.'),
});

/** Raw feedback and customer events into Kafka. */
export function intakeRoutes(api: FastifyInstance, { intake, replies }: ApiServices): void {
  const routes = api.withTypeProvider<ZodTypeProvider>();
  const kinds = [
    { url: '/v1/feedback', take: intake.feedback, what: 'Raw feedback', tag: 'feedback' },
    { url: '/v1/events', take: intake.events, what: 'Customer events', tag: 'customers' },
  ] as const;
  for (const { url, take, what, tag } of kinds) {
    routes.post(url, {
      config: { role: 'analyst' },
      schema: {
        summary: `${what} into Kafka`,
        description:
          'Each piece is checked as a worker would check it; good pieces are sent though others are refused.',
        tags: [tag],
        headers,
        body: pieces(what),
        response: answers(results, 409, 413, 415, 422),
      },
      handler: async (request) => {
        const given = [request.body].flat();
        const send = async () => summary(given, await take(tenantOf(request), given));
        const key = request.headers['idempotency-key'];
        return key === undefined ? send() : repeatable(request, key, send);
      },
    });
  }

  /** Sending twice does no harm, because pieces are known by their ids: the stored answer only spares the work. */
  async function repeatable(request: FastifyRequest, key: string, send: () => Promise<z.infer<typeof results>>) {
    const tenant = tenantOf(request);
    const digest = createHash('sha256')
      .update(`${request.url}\0${JSON.stringify(request.body)}`)
      .digest('hex');
    const before = await replies.find(tenant, key);
    if (before !== undefined && before.digest !== digest) {
      throw new ProblemError(422, 'This Idempotency-Key came with another request before; use a new one.');
    }
    if (before !== undefined) return results.parse(before.answer);
    const answer = await send();
    await replies.keep(tenant, key, { digest, answer });
    return answer;
  }
}

function summary(given: readonly Record<string, unknown>[], outcomes: readonly Accepted[]): z.infer<typeof results> {
  const listed = outcomes.map((outcome, at) => {
    const id = given[at]?.id;
    return {
      ...(typeof id === 'string' && { id: id.slice(0, 256) }),
      status: outcome.kind,
      ...(outcome.kind === 'refused' && { code: outcome.code, detail: outcome.detail }),
    };
  });
  const accepted = outcomes.filter(({ kind }) => kind === 'accepted').length;
  return { accepted, refused: outcomes.length - accepted, results: listed };
}
