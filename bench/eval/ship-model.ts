/**
 * Takes an export of models/training as the model that ships: `npx tsx bench/eval/ship-model.ts EXPORT VERSION`, then
 * `npx tsx bench/eval/fit-roll-up.ts` and `npm run eval`.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { sealModel } from './seal-model.ts';

const [exported, version] = process.argv.slice(2);
if (exported === undefined || version === undefined) throw new Error('which export, and which version?');
const encoder = join(packageRoot(), 'models/encoder');
cpSync(exported, encoder, { recursive: true, filter: (path) => !path.endsWith('manifest.json') });
sealModel(encoder, version);
