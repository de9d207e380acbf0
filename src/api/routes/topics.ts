import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { topicIds } from '../../domain/labels.ts';
import { bucketUnits, mostBuckets, timeBuckets, weekdays } from '../../insight/time-buckets.ts';
import { compareSegmentFeedback } from '../../store/segment-query.ts';
import { queryTopics } from '../../store/topic-query.ts';
import { queryTopicTimeline } from '../../store/topic-timeline-query.ts';
import type { ApiServices } from '../api-services.ts';
import { tenantOf } from '../authentication.ts';
import { fieldProblem } from '../problem.ts';
import { attributePairs, filterParameters, readAttributes, readFilter } from '../query-parameters.ts';
import { answers } from '../route-schema.ts';
import { segmentReport, topicReport, topicTimelineReport } from '../topic-reports.ts';

/** The taxonomy, its topics as time goes by, and what tells two segments of the feedback apart. */
export function topicRoutes(api: FastifyInstance, { database, taxonomy, now }: ApiServices): void {
  const routes = api.withTypeProvider<ZodTypeProvider>();

  routes.get('/v1/topics', {
    config: { role: 'reader' },
    schema: {
      summary: 'The taxonomy, with how often each topic is spoken of',
      tags: ['insight'],
      querystring: filterParameters,
      response: answers(topicReport),
    },
    handler: async (request) => {
      const filter = { ...readFilter(request.query, now()), tenant: tenantOf(request) };
      const { topics, ...facts } = await queryTopics(database, filter);
      const described = taxonomy.flatMap(({ id, ...description }) => {
        const counted = topics.find(({ topic }) => topic === id);
        return counted === undefined ? [] : [{ ...description, ...counted }];
      });
      return { ...facts, topics: described };
    },
  });

  routes.get('/v1/topics/:id/timeline', {
    config: { role: 'reader' },
    schema: {
      summary: 'How a topic is spoken of as time goes by',
      description: 'Buckets are whole ones of the zone: the first and the last may reach beyond the period.',
      tags: ['insight'],
      params: z.object({ id: z.enum(topicIds).describe('A topic of the taxonomy.') }),
      querystring: filterParameters.extend({
        bucket: z.enum(bucketUnits).default('day').describe(`At most ${mostBuckets} buckets.`),
        weekStart: z.enum(weekdays).default('monday').describe('Day that weeks begin with.'),
      }),
      response: answers(topicTimelineReport),
    },
    handler: (request) => {
      const { bucket: unit, weekStart, ...given } = request.query;
      const at = now();
      const { since, until, ...filter } = readFilter(given, at);
      const buckets = timeBuckets(since.getTime(), until.getTime(), { unit, weekStart, timeZone: given.tz });
      if (buckets === undefined) {
        throw fieldProblem('query.bucket', `makes more than ${mostBuckets} buckets of this period`);
      }
      const tenant = tenantOf(request);
      return queryTopicTimeline(database, { ...filter, tenant, topic: request.params.id, buckets, now: at });
    },
  });

  routes.get('/v1/segments/compare', {
    config: { role: 'reader' },
    schema: {
      summary: 'How two segments of the feedback differ, and how surely',
      tags: ['insight'],
      querystring: filterParameters.extend({
        one: attributePairs.describe('The first segment: `name=value`; may be repeated, and all must hold.'),
        other: attributePairs.optional().describe('The second, likewise; everything not in the first when absent.'),
        limit: z.coerce.number().int().min(1).max(topicIds.length).default(10).describe('Topics at most.'),
      }),
      response: answers(segmentReport),
    },
    handler: (request) => {
      const { one, other, limit, ...filter } = request.query;
      return compareSegmentFeedback(database, {
        ...readFilter(filter, now()),
        tenant: tenantOf(request),
        one: readAttributes('one', one) ?? {},
        other: readAttributes('other', other),
        limit,
      });
    },
  });
}
