import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ApiAccess, type ApiRole, includesRole } from '../domain/api-key.ts';
import { ProblemError } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Role that a request needs; `nobody` for what anybody may see. */
    readonly role?: ApiRole | 'nobody';
  }
  interface FastifyRequest {
    access: ApiAccess | undefined;
  }
}

/** The page that describes the API, and what lies under it: for anybody. */
export const openPages = '/docs';

/** Finds out what a key gives access to. */
export type FindAccess = (key: string) => Promise<ApiAccess | undefined>;

/**
 * Lets requests through by their key (`Authorization: Bearer koe_…`, RFC 6750) and denies everything else: a route that
 * names no role cannot be registered.
 */
export function authenticate(api: FastifyInstance, findAccess: FindAccess): void {
  api.decorateRequest('access', undefined);
  api.addHook('onRoute', (route) => {
    // Plugins that serve pages register routes of their own.
    if (route.url === openPages || route.url.startsWith(`${openPages}/`)) {
      route.config = { ...route.config, role: 'nobody' };
    }
    const role = route.config?.role;
    if (role === undefined) throw new Error(`route ${route.url} names no role`);
    // OpenAPI 3.1 lets the entry of a scheme that is not OAuth list roles.
    if (role !== 'nobody') route.schema = { ...route.schema, security: [{ key: [role] }] };
  });
  api.addHook('onRequest', async (request, reply) => {
    const wanted = request.routeOptions.config.role;
    // Nothing is known about a path that has no route, not even whether it exists.
    if (wanted === 'nobody') return;
    const key = keyOf(request);
    const access = key === undefined ? undefined : await findAccess(key);
    if (access === undefined) {
      reply.header('www-authenticate', 'Bearer realm="koe"');
      throw new ProblemError(401, 'Send a valid API key: Authorization: Bearer koe_… (koe keys create makes one).');
    }
    if (wanted !== undefined && !includesRole(access.role, wanted)) {
      throw new ProblemError(403, `This key has the role ${access.role}; ${wanted} is needed.`);
    }
    request.access = access;
  });
}

/** The key that a request came with, whether it is one or not. */
export function keyOf(request: FastifyRequest): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Who a request is from, for what is written down about it: the name of its key. */
export function actorOf(request: FastifyRequest): string {
  if (request.access === undefined) throw new Error('the route lets anybody in and knows nobody');
  return `key:${request.access.name}`;
}

/** The tenant whose key a request came with. */
export function tenantOf(request: FastifyRequest): string {
  if (request.access === undefined) throw new Error('the route lets anybody in and has no tenant');
  return request.access.tenant;
}
