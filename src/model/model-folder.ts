import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DependencyError } from '../domain/dependency-error.ts';

/** The files that an encoder is made of, by their path in the model folder. */
const encoderFiles = [
  'onnx/model_quantized.onnx',
  'config.json',
  'labels.json',
  'textnorm.json',
  'tokenizer.json',
  'tokenizer_config.json',
] as const;
type EncoderFile = (typeof encoderFiles)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hexadecimal');

/** `manifest.json` of a model folder: which model it is, and the SHA-256 of every file it consists of. */
const manifestSchema = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be lower-case letters, digits, dots and hyphens'),
  version: z.string().min(1),
  licence: z.string().min(1),
  files: z.record(z.enum(encoderFiles), sha256),
});

/** A model folder whose files are all there and are the ones its manifest names. */
export interface ModelFolder {
  /** `name@version`. */
  readonly version: string;
  /** Absolute path of one of the files. */
  path(file: EncoderFile): string;
  /** Contents of one of the JSON files; throws a permanent `DependencyError` if they do not fit the schema. */
  json<Schema extends z.ZodType>(file: EncoderFile, schema: Schema): z.infer<Schema>;
  /** The error to throw when what the files hold turns out not to work; names the folder and what to do. */
  broken(problem: string, cause?: unknown): DependencyError;
}

/**
 * Opens a model folder and checks every file against the manifest.
 *
 * @returns undefined if there is no model: no folder, or no manifest in it
 * @throws DependencyError (`model`, permanent) if a file is missing, altered, or not what the manifest says
 */
export async function openModelFolder(folder: string): Promise<ModelFolder | undefined> {
  const manifestText = await readIfPresent(join(folder, 'manifest.json'));
  if (manifestText === undefined) return undefined;
  const manifest = parse(manifestText, manifestSchema, 'manifest.json');
  const contents = new Map<EncoderFile, string>();
  for (const file of encoderFiles) {
    const bytes = await readIfPresent(join(folder, file));
    if (bytes === undefined) throw broken(`${file} is missing`);
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== manifest.files[file]) {
      throw broken(`${file} has SHA-256 ${found}, but manifest.json says ${manifest.files[file]}`);
    }
    if (file.endsWith('.json')) contents.set(file, bytes.toString('utf8'));
  }
  return {
    version: `${manifest.name}@${manifest.version}`,
    path: (file) => join(folder, file),
    json: (file, schema) => parse(contents.get(file) ?? '', schema, file),
    broken,
  };

  function parse<Schema extends z.ZodType>(text: string | Buffer, schema: Schema, file: string): z.infer<Schema> {
    let value: unknown;
    try {
      value = JSON.parse(text.toString());
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
