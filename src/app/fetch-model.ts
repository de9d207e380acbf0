import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { DependencyError } from '../domain/dependency-error.ts';

/** What a text model in the layout of transformers.js consists of. */
const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];
const timeoutMs = 600_000;

/**
 * The folder of a model of a hub, downloaded into koe's data folder the first time and never again. Nothing is downloaded
 * unless KOE_MODEL_HUB allows it.
 *
 * @param id `OWNER/NAME`
 * @throws DependencyError (`model`) if it may not be or cannot be downloaded
 */
export async function fetchModel(
  id: string,
  { KOE_DATA_DIR, KOE_MODEL_HUB }: Pick<Settings, 'KOE_DATA_DIR' | 'KOE_MODEL_HUB'>,
): Promise<string> {
  if (!/^[\w-][\w.-]{0,95}\/[\w-][\w.-]{0,95}$/.test(id)) {
    throw new DependencyError('model', 'permanent', `KOE_MODEL: hub:${id} must be hub:OWNER/NAME`);
  }
  const folder = resolve(KOE_DATA_DIR, 'models/hub', id);
  if (existsSync(folder)) return folder;
  if (KOE_MODEL_HUB === undefined) {
    const remedy = 'Set KOE_MODEL_HUB to the address of the hub to allow it, or give a folder.';
    throw new DependencyError('model', 'permanent', `The model ${id} would have to be downloaded. ${remedy}`);
  }
  const partial = `${folder}.partial-${process.pid}`;
  try {
    for (const file of files) {
      await mkdir(dirname(join(partial, file)), { recursive: true });
      await writeFile(
        join(partial, file),
        await download(`${KOE_MODEL_HUB.replace(/\/$/, '')}/${id}/resolve/main/${file}`),
      );
    }
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

async function download(url: string): Promise<Buffer> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (response.ok) return Buffer.from(await response.arrayBuffer());
  } catch (cause) {
    throw new DependencyError('model', 'transient', `${url} cannot be downloaded`, { cause });
  }
  const nature = response.status >= 500 ? 'transient' : 'permanent';
  throw new DependencyError('model', nature, `${url} answers ${response.status}`);
}
