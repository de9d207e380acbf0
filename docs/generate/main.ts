import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { referenceFiles } from './reference-files.ts';

for (const [path, content] of Object.entries(await referenceFiles())) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
