import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Health } from '../../src/api/health.ts';
import { startOperationsServer } from '../../src/api/operations-server.ts';
import { readSettings } from '../../src/config/settings.ts';

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: unknown;
  readonly read_only?: boolean;
  readonly networks?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly stop_grace_period?: string;
  readonly volumes?: readonly string[];
  readonly deploy: { readonly resources: { readonly limits: { readonly memory: string; readonly pids: number } } };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose: Compose = parse(readFileSync('docker-compose.yml', 'utf8'));
const services = Object.entries(compose.services);
const ownServices = services.filter(([, service]) => service.build !== undefined);
const pinned = /^[a-z0-9./-]+:\d+\.\d+\.\d+(-[a-z0-9.-]+)?$/;

/** The Dockerfile's instructions in order, continued lines joined, comments left out. */
const instructions = readFileSync('Dockerfile', 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    return { name, rest };
  });
const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));

function environmentOf(service: Service): Record<string, string> {
  const entries = Object.entries(service.environment ?? {});
  return Object.fromEntries(
    entries.map(([name, value]) => [name, String(value).replace(/^\$\{\w+:\?.*\}$/, 'a key from the environment')]),
  );
}

function megabytes(limit: string): number {
  const [, size = ''] = /^(\d+)m$/.exec(limit) ?? [];
  return Number(size);
}

describe('docker-compose.yml', () => {
  test.each(ownServices)('%s gets settings that koe accepts, and listens on all addresses', (name, service) => {
    const settings = readSettings(environmentOf(service));
    const listens = name === 'api' ? { KOE_API_HOST: '0.0.0.0' } : { KOE_HTTP_HOST: '0.0.0.0' };
    expect(settings).toMatchObject({ KAFKA_BROKERS: 'kafka:9092', ...listens });
    expect(megabytes(service.deploy.resources.limits.memory)).toBeGreaterThan(
      250 + 450 * Number(settings.KOE_ANALYSIS_PROCESSES ?? 0),
    );
    expect(Number.parseInt(service.stop_grace_period ?? '', 10)).toBeGreaterThan(settings.KOE_DRAIN_SECONDS);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  test('the health check of the image asks where the API listens', () => {
    const environment = environmentOf(compose.services.api as Service);
    expect(environment.KOE_HTTP_PORT).toBe(environment.KOE_API_PORT);
  });

  test('the pseudonym key has to be given', () => {
    for (const [, { environment }] of ownServices) expect(environment?.KOE_PSEUDONYM_KEY).toMatch(/^\$\{\w+:\?/);
  });

  test.each(services.filter(([, { image }]) => image !== undefined))('the image of %s is pinned', (_, { image }) => {
    expect(image).toMatch(pinned);
  });

  test.each(services)(
    '%s has a health check, limits, and nothing published but the API, on the loopback',
    (name, service) => {
      const healthChecked = service.healthcheck ?? lastStage.find(({ name }) => name === 'HEALTHCHECK');
      expect(healthChecked).toBeDefined();
      expect(megabytes(service.deploy.resources.limits.memory)).toBeGreaterThan(0);
      expect(service.deploy.resources.limits.pids).toBeGreaterThan(0);
      expect(service.ports).toEqual(name === 'api' ? ['127.0.0.1:8080:8080'] : undefined);
      expect(service.networks).toEqual(name === 'api' ? ['koe', 'front'] : ['koe']);
      expect(compose.networks.koe).toEqual({ internal: true });
    },
  );

  test.each(services)('what %s refers to exists', (_, service) => {
    for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(compose.services).toHaveProperty(name);
      expect(condition).toBe('service_healthy');
    }
    for (const volume of service.volumes ?? []) expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '');
  });
});

describe('the replica set in docker-compose.yml', () => {
  const mongodb = compose.services.mongodb;
  const script = mongodb?.healthcheck?.test.at(-1) ?? '';

  /** Runs the health check as mongosh would. */
  function check(server: { status: () => unknown; primary: boolean }) {
    let exit = 0;
    let initiated: unknown;
    const rs = {
      status: server.status,
      initiate: (config: unknown) => {
        initiated = config;
      },
    };
    const db = { hello: () => ({ isWritablePrimary: server.primary }) };
    const quit = (code: number) => {
      exit = code;
    };
    runInNewContext(script, { rs, db, quit });
    return { exit, initiated };
  }

  test('is made on the first start, with the name that mongod and koe use', () => {
    const uninitialized = () => {
      throw Object.assign(new Error('no replset config has been received'), { codeName: 'NotYetInitialized' });
    };
    const first = check({ status: uninitialized, primary: false });
    expect(first).toEqual({ exit: 1, initiated: { _id: 'koe', members: [{ _id: 0, host: 'mongodb:27017' }] } });
    expect(mongodb?.command).toEqual(expect.arrayContaining(['--replSet', 'koe']));
    const uris = ownServices.map(([, { environment }]) => environment?.MONGODB_URI);
    expect(uris).toEqual(uris.map(() => 'mongodb://mongodb:27017/?replicaSet=koe'));
  });

  test('is healthy once its node is primary, and not made again', () => {
    expect(check({ status: () => ({ ok: 1 }), primary: true })).toEqual({ exit: 0, initiated: undefined });
    expect(check({ status: () => ({ ok: 1 }), primary: false })).toEqual({ exit: 1, initiated: undefined });
  });

  test('is not made when the server fails for another reason', () => {
    const failing = () => {
      throw Object.assign(new Error('not authorized'), { codeName: 'Unauthorized' });
    };
    expect(() => check({ status: failing, primary: false })).toThrow('not authorized');
  });
});

describe('Dockerfile', () => {
  test('base images are pinned', () => {
    const froms = instructions.filter(({ name }) => name === 'FROM').map(({ rest }) => rest.split(' ')[0] ?? '');
    expect(froms.filter((from) => from !== 'base')).toEqual([expect.stringMatching(pinned)]);
  });

  test('everything it copies exists and reaches the builder', () => {
    const allowed = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(allowed).toContain('*');
    const copied = instructions
      .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
      .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1));
    expect(copied).toContain('package.json');
    for (const path of copied) {
      expect(existsSync(path), path).toBe(true);
      expect(allowed).toContain(`!${path}`);
    }
  });

  test('dependencies are installed from the lock file, without scripts', () => {
    const installs = instructions.filter(({ name, rest }) => name === 'RUN' && rest.includes('npm'));
    expect(installs.filter(({ rest }) => rest.startsWith('npm ci'))).toHaveLength(2);
    for (const { rest } of installs) expect(rest).toMatch(/^npm (ci (--omit=dev )?--ignore-scripts|run build)/);
  });

  test('starts a worker that the build makes, as a user that is not root', () => {
    const [, entry = ''] = /^\["node", "dist\/(.*)\.js"\]$/.exec(lastStage.at(-1)?.rest ?? '') ?? [];
    expect(existsSync(`${entry}.ts`), entry).toBe(true);
    expect(lastStage.find(({ name }) => name === 'USER')?.rest).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  test('exposes the port of the health pages', () => {
    expect(lastStage.find(({ name }) => name === 'EXPOSE')?.rest).toBe(String(readSettings({}).KOE_HTTP_PORT));
  });

  test.each<[string, Health | undefined, number]>([
    ['is healthy while the worker is live, even if not ready', { live: true, ready: false, detail: '' }, 0],
    ['is not healthy when the worker says so', { live: false, ready: false, detail: '' }, 1],
    ['is not healthy when nobody answers', undefined, 1],
  ])('the container %s', async (_, health, expected) => {
    const check = lastStage.find(({ name }) => name === 'HEALTHCHECK')?.rest ?? '';
    const [command = '', ...args]: string[] = JSON.parse(check.slice(check.indexOf('CMD ') + 4));
    expect(command).toBe('node');
    const server = await startOperationsServer({
      host: '127.0.0.1',
      port: 0,
      registry: new Registry(),
      health: () => health ?? { live: true, ready: true, detail: '' },
    });
    const { port } = new URL(server.url);
    if (health === undefined) await server.close();
    const exit = await new Promise((resolve) => {
      const child = execFile(process.execPath, args, { env: { KOE_HTTP_PORT: port } });
      child.once('exit', resolve);
    });
    if (health !== undefined) await server.close();
    expect(exit).toBe(expected);
  });
});
