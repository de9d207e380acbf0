import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds koe's package.json and models/, whether the code runs from src/ or from dist/. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'models'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('koe is installed without its models/ folder');
    folder = parent;
  }
  return folder;
}

/** koe's version, as package.json states it. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;
}
