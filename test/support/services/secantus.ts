import { mkdtemp, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, makeOnce } from './cache.ts';
import { freePorts } from './free-ports.ts';
import { type Service, startService } from './service.ts';
import { runTool } from './tool.ts';

const version = '0.7.0b3';

/** How a secure SecantusDB proves who it is, and what it asks of others. */
export interface SecureOptions {
  /** PEM file with key and certificate. */
  readonly certificate: string;
  /** PEM file of the authority whose client certificates it wants. */
  readonly clientAuthority?: string;
  /** Run once on the server while it asks nobody for a password. */
  readonly prepare?: (address: string) => Promise<void>;
}

/**
 * Starts SecantusDB, an independent server of the MongoDB protocol on WiredTiger, downloading it from PyPI on first
 * use. Acknowledged writes are on the disk, so that a kill loses none.
 *
 * @throws Error with a sentence that says what is missing when Python is
 */
export function startSecantus(): Promise<Service> {
  return launch(async (folder) => join(folder, 'storage'));
}

/** Starts SecantusDB with users and TLS. */
export async function startSecureSecantus({ certificate, clientAuthority, prepare }: SecureOptions): Promise<Service> {
  const storage = await mkdtemp(join(tmpdir(), 'koe-secantus-'));
  if (prepare !== undefined) {
    const open = await launch(async () => storage);
    await prepare(open.address).finally(() => open.stop());
  }
  const clients = clientAuthority === undefined ? [] : ['--tls-ca-file', clientAuthority, '--tls-require-client-cert'];
  return await launch(
    async (folder) => {
      await rename(storage, join(folder, 'storage'));
      return join(folder, 'storage');
    },
    ['--auth', '--tls-cert-file', certificate, '--tls-key-file', certificate, ...clients],
  );
}

async function launch(place: (folder: string) => Promise<string>, security: readonly string[] = []): Promise<Service> {
  const python = await runTool('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  // Unlike a virtual environment, a folder of packages can be made under one name and used under another.
  const packages = await makeOnce(join(cacheFolder(), `secantus-${version}-python${python.trim()}`), (draft) =>
    runTool('python3', ['-m', 'pip', 'install', '-q', '--target', draft, `SecantusDB==${version}`]),
  );
  return await startService({
    name: `secantus-${version}`,
    readyLine: 'secantus listening on',
    prepare: async (folder) => {
      const { port } = await freePorts('port');
      const options = [
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        '--storage-path',
        await place(folder),
        ...security,
      ];
      const command = [
        'env',
        `PYTHONPATH=${packages}`,
        'python3',
        '-s',
        '-m',
        'secantus',
        ...options,
        '--sync-on-commit',
      ];
      return { address: `mongodb://127.0.0.1:${port}/?replicaSet=secantus`, command };
    },
  });
}
