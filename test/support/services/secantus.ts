import { join } from 'node:path';
import { cacheFolder, makeOnce } from './cache.ts';
import { freePorts } from './free-ports.ts';
import { type Service, startService } from './service.ts';
import { runTool } from './tool.ts';

const version = '0.7.0b3';

/**
 * Starts SecantusDB, an independent server of the MongoDB protocol on WiredTiger, downloading it from PyPI on first
 * use. Acknowledged writes are on the disk, so that a kill loses none.
 *
 * @throws Error with a sentence that says what is missing when Python is
 */
export async function startSecantus(): Promise<Service> {
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
      const options = ['--host', '127.0.0.1', '--port', String(port), '--storage-path', join(folder, 'storage')];
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
