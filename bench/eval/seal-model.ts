import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestSchema } from '../../src/model/model-folder.ts';

/**
 * Writes the SHA-256 of every file that a model folder's manifest names, as the files are now.
 *
 * @param version the model's new version; the present one when left out
 * @throws Error if the manifest is not valid or a file of it is missing
 */
export function sealModel(folder: string, version?: string): void {
  const path = join(folder, 'manifest.json');
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const files = Object.fromEntries(
    Object.keys(manifest.files).map((file) => {
      if (!existsSync(join(folder, file))) throw new Error(`${join(folder, file)} is missing`);
      return [
        file,
        createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex'),
      ];
    }),
  );
  const sealed = { ...manifest, version: version ?? manifest.version, files };
  writeFileSync(path, `${JSON.stringify(sealed, null, 2)}\n`);
}
