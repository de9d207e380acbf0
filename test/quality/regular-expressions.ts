import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from 'recheck';
import ts from 'typescript';
import { packageRoot } from '../../src/runtime/package-root.ts';

// Asks recheck whether any regular expression of src/ takes more than linear time, and fails if one does. Not part of
// `npm test`: it takes minutes. Where recheck runs out of time it says nothing; the junk inputs of the unit tests do.

const timeoutMs = 1000;

interface Literal {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

function literalsOf(file: string): Literal[] {
  const found: Literal[] = [];
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true);
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      const end = node.text.lastIndexOf('/');
      found.push({ place: `${file}:${line + 1}`, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const src = join(packageRoot(), 'src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const counts = { safe: 0, unknown: 0, vulnerable: 0 };
for (const { place, source, flags } of files.flatMap((file) => literalsOf(join(src, file)))) {
  const found = await check(source, flags, { timeout: timeoutMs });
  counts[found.status] += 1;
  if (found.status === 'vulnerable') {
    process.stdout.write(`${place}: /${source}/${flags} is ${found.complexity.summary}\n`);
  }
}
process.stdout.write(`${counts.safe} safe, ${counts.unknown} not decided in time, ${counts.vulnerable} vulnerable\n`);
process.exit(counts.vulnerable === 0 ? 0 : 1);
