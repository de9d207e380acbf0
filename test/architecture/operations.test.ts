import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { secretNames, settingsSchema } from '../../src/config/settings.ts';
import { rejectCodes } from '../../src/domain/reject-code.ts';
import { topicNames } from '../../src/domain/topics.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';

const page = readFileSync('docs/operations.md', 'utf8');
const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;
/** Names of koe's commands, as they are registered. */
const commands = readdirSync('src/cli')
  .map((name) => readFileSync(join('src/cli', name), 'utf8'))
  .flatMap((source) => [...source.matchAll(/\.command\('([a-z-]+)'/g)].map(([, name = '']) => name));

function mentioned(pattern: RegExp): string[] {
  const names = [...new Set([...page.matchAll(pattern)].map(([, name = '']) => name))];
  expect(names).not.toEqual([]);
  return names;
}

describe('docs/operations.md speaks of things that exist', () => {
  test('settings and reject codes', () => {
    const files = secretNames.map((name) => `${name}_FILE`);
    const known = [...Object.keys(settingsSchema.shape), ...files, ...Object.keys(rejectCodes)];
    for (const name of mentioned(/\b((?:KOE|KAFKA|MONGODB)_[A-Z_]*[A-Z])\b/g)) expect(known).toContain(name);
  });

  test('commands of koe', () => {
    for (const name of mentioned(/(?:`koe|npm run -s koe --) ([a-z][a-z-]*)/g))
      expect(['help', ...commands]).toContain(name);
  });

  test('npm scripts', () => {
    for (const name of mentioned(/npm run (?:-s )?([a-z:]+)/g)) expect(scripts).toHaveProperty(name);
  });

  test('metrics', async () => {
    const names = (await createMetrics().registry.getMetricsAsJSON()).map(({ name }) => name);
    for (const name of mentioned(/`(koe_[a-z_]+)`/g)) expect(names).toContain(name);
  });

  test('topics', () => {
    const { feedback, enriched, deadLetters } = topicNames('koe.');
    const names = [...Object.values(feedback), enriched, deadLetters];
    for (const name of mentioned(/\b(koe\.feedback\.[a-z]+\.v1)\b/g)) expect(names).toContain(name);
  });

  test('files', () => {
    for (const link of mentioned(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) expect(existsSync(join('docs', link)), link).toBe(true);
  });
});
