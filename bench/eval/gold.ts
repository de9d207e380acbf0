import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LabelledText, parseLabelledTsv } from '../../src/domain/labelled-text.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';

/** A labelled text of the gold set with the strata it belongs to: domain, channel, features. */
export interface GoldText extends LabelledText {
  readonly strata: readonly string[];
}

const gold = join(packageRoot(), 'models/gold');

/** Reads one part of the gold set; throws an Error that names the lines that are wrong. */
export function readGold(part: 'sentences' | 'documents'): GoldText[] {
  const strataFile = part === 'sentences' ? 'strata.tsv' : 'documents-strata.tsv';
  const strata = new Map(
    linesOf(join(gold, strataFile)).map((line) => {
      const [id = '', domain = '', channel = '', features = ''] = line.split('\t');
      return [id, [domain, channel, ...features.split(',').filter((feature) => feature !== 'none')]];
    }),
  );
  return readLabelled(join(gold, `${part}.tsv`)).map((text) => ({ ...text, strata: strata.get(text.id) ?? [] }));
}

/** Two ways of saying the same thing, which must be read alike. */
export interface MinimalPair {
  readonly kind: string;
  readonly texts: readonly [string, string];
}

/** Reads the minimal pairs of the gold set. */
export function readPairs(): MinimalPair[] {
  return linesOf(join(gold, 'pairs.tsv')).map((line) => {
    const [, kind = '', first = '', second = ''] = line.split('\t');
    return { kind, texts: [first, second] };
  });
}

/** Reads all labelled .tsv files in folders and what is below them, in the order of their names. */
export function readTrainingRows(folders: readonly string[]): LabelledText[] {
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.tsv'))
        .sort()
        .flatMap((name) => readLabelled(join(folder, name))),
    );
}

function readLabelled(file: string): readonly LabelledText[] {
  const { texts, problems } = parseLabelledTsv(readFileSync(file, 'utf8'));
  if (problems.length > 0) throw new Error(`${file}: ${problems.join('\n')}`);
  return texts;
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}
