import etag from '@fastify/etag';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import type { ApiServices } from './api-services.ts';
import { authenticate, type FindAccess, openPages } from './authentication.ts';
import type { Health } from './health.ts';
import { answerError, sendProblem } from './problem.ts';
import { alertRuleRoutes } from './routes/alert-rules.ts';
import { alertStreamRoutes } from './routes/alert-stream.ts';
import { alertRoutes } from './routes/alerts.ts';
import { conversationRoutes } from './routes/conversations.ts';
import { customerRoutes } from './routes/customers.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { exportRoutes } from './routes/exports.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { insightRoutes } from './routes/insight.ts';
import { intakeRoutes } from './routes/intake.ts';
import { operationsRoutes } from './routes/operations.ts';
import { topicRoutes } from './routes/topics.ts';

/** How the API is served. */
export interface ApiOptions {
  readonly services: ApiServices;
  readonly findAccess: FindAccess;
  readonly health: () => Health;
  readonly registry: Registry;
  readonly logger: FastifyBaseLogger;
  /** koe's own version. */
  readonly version: string;
  /** Requests that one key may make in a minute. */
  readonly requestsPerMinute: number;
  /** Bytes that a request's body may have. */
  readonly maxBodyBytes: number;
}

const about = `Feedback in, insight out. Every request needs an API key (\`koe keys create\`), except health, metrics and this
document; a key belongs to one tenant, and nothing of another tenant can be asked for. Times are RFC 3339.`;

/** The HTTP API, not listening yet. Schemas in zod are the only source of its OpenAPI document. */
export async function createApi(options: ApiOptions): Promise<FastifyInstance> {
  const { services, findAccess, logger, version, requestsPerMinute, maxBodyBytes } = options;
  const api = fastify({
    loggerInstance: logger,
    // One line for each request would repeat what the metrics count.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxBodyBytes,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 512 },
  });
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  api.setErrorHandler(answerError);
  api.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, 404, 'There is nothing here; /docs lists all there is.'),
  );
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'koe', version, description: about, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', bearerFormat: 'koe_<id>_<secret>' } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await api.register(etag);
  authenticate(api, findAccess);
  await api.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: 60_000,
    hook: 'preHandler',
    keyGenerator: ({ access, ip }) => access?.keyId ?? ip,
    allowList: ({ routeOptions }) => routeOptions.config.role === 'nobody',
  });
  operationsRoutes(api, options);
  api.get('/openapi.json', { config: { role: 'nobody' }, schema: { hide: true } }, async () => api.swagger());
  await api.register(swaggerUi, { routePrefix: openPages });
  intakeRoutes(api, services);
  feedbackRoutes(api, services);
  insightRoutes(api, services);
  topicRoutes(api, services);
  conversationRoutes(api, services);
  customerRoutes(api, services);
  exportRoutes(api, services);
  deadLetterRoutes(api, services);
  alertStreamRoutes(api, services, findAccess);
  alertRoutes(api, services);
  alertRuleRoutes(api, services);
  incidentRoutes(api, services);
  await api.ready();
  return api;
}
