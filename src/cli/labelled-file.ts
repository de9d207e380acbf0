import { readFile } from 'node:fs/promises';
import { UsageError } from '../app/exit-code.ts';
import { type LabelledText, parseLabelledJsonLines, parseLabelledTsv } from '../domain/labelled-text.ts';

const mostProblems = 20;

/**
 * Reads texts with labels: a .tsv file with the seven columns of the annotation guide, or a .jsonl file.
 *
 * @throws UsageError naming the lines that are wrong, with their fields
 */
export async function readLabelledFile(path: string): Promise<readonly LabelledText[]> {
  const parse = path.endsWith('.tsv') ? parseLabelledTsv : parseLabelledJsonLines;
  if (!/\.(?:tsv|jsonl)$/.test(path)) throw new UsageError(`${path} must be a .tsv or a .jsonl file`);
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${path} cannot be read`, { cause });
  });
  const { texts, problems } = parse(content);
  if (problems.length > 0) {
    const more = problems.length > mostProblems ? `\n  and ${problems.length - mostProblems} more lines` : '';
    const shown = problems.slice(0, mostProblems).map((problem) => `\n  ${problem}`);
    throw new UsageError(`${path} has lines that cannot be used:${shown.join('')}${more}`);
  }
  if (texts.length === 0) throw new UsageError(`${path} holds no labelled text`);
  return texts;
}
