import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { DependencyError } from '../domain/dependency-error.ts';

const requiredFiles = ['config.json', 'labels.json', 'tokenizer.json', 'tokenizer_config.json'] as const;
/** In order of preference. */
const graphFiles = ['onnx/model_quantized.onnx', 'onnx/model.onnx'] as const;
const optionalFiles = ['heads.bin', 'calibration.json', 'roll-up.json', 'textnorm.json'] as const;
const modelFiles = [...requiredFiles, ...graphFiles, ...optionalFiles] as const;

/** A file that a model consists of, by its path in the model's folder. */
export type ModelFile = (typeof modelFiles)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hexadecimal');

/** `manifest.json` of a model folder: which model it is, and the SHA-256 of every file it consists of. */
export const manifestSchema = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be lower-case letters, digits, dots and hyphens'),
  version: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.+-]*$/, 'must be letters, digits, dots, plus signs and hyphens'),
  licence: z.string().min(1),
  files: z
    .partialRecord(z.enum(modelFiles), sha256)
    .refine((files) => requiredFiles.every((file) => file in files) && graphFiles.some((file) => file in files), {
      message: `must name ${requiredFiles.join(', ')} and ${graphFiles.join(' or ')}`,
    }),
});

/** What a manifest says. */
export type Manifest = z.infer<typeof manifestSchema>;

/** A model folder whose files are all there; with a manifest, they are the ones it names. */
export interface ModelFolder {
  /** `name@version`; without a manifest, the folder's name and the beginning of the SHA-256 of its contents. */
  readonly version: string;
  /** Absent where a folder made elsewhere has none. */
  readonly manifest: Manifest | undefined;
  /** SHA-256 of each file the model consists of. */
  readonly files: ReadonlyMap<ModelFile, string>;
  /** Absolute path of the graph: the quantised one where there are two. */
  readonly graphPath: string;
  /** Contents of one of the JSON files; throws a permanent `DependencyError` if they do not fit the schema. */
  json<Schema extends z.ZodType>(file: ModelFile, schema: Schema): z.infer<Schema>;
  /** Bytes of `heads.bin`, if the model has its heads apart. */
  readonly heads: Buffer | undefined;
  /** The error to throw when what the files hold turns out not to work; names the folder and what to do. */
  broken(problem: string, cause?: unknown): DependencyError;
}

/**
 * Opens a model folder and checks every file against the manifest. A folder in the layout of transformers.js without a
 * manifest is taken as it is, if there is a label map.
 *
 * @param labelsFile a label map in place of the folder's `labels.json`, for folders without a manifest
 * @returns undefined if there is no model: no folder, or neither a manifest nor a `config.json` in it
 * @throws DependencyError (`model`, permanent) if a file is missing, altered, or not what the manifest says
 */
export async function openModelFolder(folder: string, labelsFile?: string): Promise<ModelFolder | undefined> {
  const manifestText = await readIfPresent(join(folder, 'manifest.json'));
  const manifest = manifestText === undefined ? undefined : parse(manifestText, manifestSchema, 'manifest.json');
  if (manifest !== undefined && labelsFile !== undefined) {
    throw broken('it has a manifest and so a label map of its own; leave KOE_MODEL_LABELS unset');
  }
  const contents = new Map<ModelFile, Buffer>();
  for (const file of modelFiles) {
    if (manifest !== undefined && !(file in manifest.files)) continue;
    const bytes = await readIfPresent(file === 'labels.json' && labelsFile ? labelsFile : join(folder, file));
    if (bytes !== undefined) contents.set(file, bytes);
  }
  if (manifest === undefined && !contents.has('config.json')) return undefined;
  if (manifest === undefined && contents.has('heads.bin')) throw broken('manifest.json is missing');

  const files = new Map([...contents].map(([file, bytes]) => [file, createHash('sha256').update(bytes).digest('hex')]));
  for (const [file, expected] of Object.entries(manifest?.files ?? {})) {
    const found = files.get(file as ModelFile);
    if (found === undefined) throw broken(`${file} is missing`);
    if (found !== expected) throw broken(`${file} has SHA-256 ${found}, but manifest.json says ${expected}`);
  }
  for (const file of requiredFiles) {
    if (contents.has(file)) continue;
    if (file !== 'labels.json') throw broken(`${file} is missing`);
    throw broken('labels.json is missing; write what its outputs mean there, or name a label map in KOE_MODEL_LABELS');
  }
  const graph = graphFiles.find((file) => contents.has(file));
  if (graph === undefined) throw broken(`${graphFiles.join(' or ')} is missing`);

  return {
    version: manifest === undefined ? contentVersion() : `${manifest.name}@${manifest.version}`,
    manifest,
    files,
    graphPath: resolve(folder, graph),
    heads: contents.get('heads.bin'),
    json: (file, schema) => parse(contents.get(file) ?? Buffer.of(), schema, file),
    broken,
  };

  function contentVersion(): string {
    const hash = createHash('sha256')
      .update([...files].flat().join('\n'))
      .digest('hex');
    return `${basename(resolve(folder))}@${hash.slice(0, 12)}`;
  }

  function parse<Schema extends z.ZodType>(text: Buffer, schema: Schema, file: string): z.infer<Schema> {
    let value: unknown;
    try {
      value = JSON.parse(text.toString('utf8'));
    } catch (cause) {
      throw broken(`${file} is not JSON`, cause);
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw broken(`${file} does not fit`, new Error(z.prettifyError(parsed.error)));
    return parsed.data;
  }

  function broken(problem: string, cause?: unknown): DependencyError {
    const reason = cause instanceof Error ? ` (${cause.message})` : '';
    const remedy = 'Restore the folder, or set the model to none.';
    const sentence = `The model in ${folder} is broken: ${problem}${reason}. ${remedy}`;
    return new DependencyError('model', 'permanent', sentence, { cause });
  }
}

async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new DependencyError('model', 'permanent', `The model file ${path} cannot be read.`, { cause: error });
  }
}
