import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { referenceFiles } from '../../docs/generate/reference-files.ts';

test.each(Object.entries(await referenceFiles()))(
  '%s is in step with the code (npm run docs)',
  async (path, content) => {
    expect(await readFile(path, 'utf8')).toBe(content);
  },
);
