import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Takes secrets from files: where the environment has `NAME_FILE` instead of `NAME`, the content of that file is the
 * value, without the line break that editors put at its end. This is how Docker and Kubernetes hand out secrets.
 *
 * @returns the environment with the secrets in it, and what is wrong with the files, without their contents
 */
export function withSecretFiles(
  environment: Environment,
  names: readonly string[],
): { values: Environment; problems: string[] } {
  const values = { ...environment };
  const problems: string[] = [];
  for (const name of names) {
    const file = environment[`${name}_FILE`];
    if (!file) continue;
    if (values[name]) {
      problems.push(`${name} and ${name}_FILE: both are given, and one of them must be meant`);
      continue;
    }
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)).replace(/\r?\n$/, '');
      if (text === '') problems.push(`${name}_FILE: ${file} is empty`);
      values[name] = text;
    } catch (error) {
      problems.push(`${name}_FILE: ${unreadable(error, file)}`);
    }
  }
  return { values, problems };
}

function unreadable(error: unknown, file: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? `${file} is no UTF-8 text` : `${file} cannot be read (${code})`;
}
