import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import { modelFolderOf, openModelStore } from '../app/model-store.ts';
import { refitModel } from '../app/refit-model.ts';
import { defaultModel, readSettings, type Settings } from '../config/settings.ts';
import { openModelFolder } from '../model/model-folder.ts';
import { readJudgement } from '../model/sentence-scorer.ts';
import { figuresTable } from './figures-text.ts';
import { readLabelledFile } from './labelled-file.ts';
import { type Terminal, write } from './terminal.ts';

const shipped = 'shipped';

/** Tells which model is used, what it consists of, how it is calibrated, and which versions were made here. */
export async function showModel(terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  const store = openModelStore(settings);
  const folderPath = await modelFolderOf(settings);
  const folder = await openModelFolder(folderPath, labelsFileOf(settings));
  const lines: string[] = [];
  if (folder === undefined) lines.push(`model     none: sentiment comes from the lexicon (${folderPath})`);
  else {
    const { calibration, decision } = readJudgement(folder);
    const temperatures = Object.entries(calibration.temperatures).map(([name, value]) => `${name} ${value}`);
    lines.push(
      `model     ${folder.version}`,
      `folder    ${folderPath}`,
      `licence   ${folder.manifest?.licence ?? 'not stated'}`,
      `heads     ${folder.heads === undefined ? 'inside the graph' : 'apart, can be fitted anew'}`,
      `calibrated on ${calibration.fittedOn}; temperatures ${temperatures.join(', ') || 'none'}`,
      `roll-up   ${JSON.stringify(decision.rollUp)}`,
      ...[...folder.files].map(([file, hash]) => `file      ${hash.slice(0, 12)}  ${file}`),
    );
  }
  const inUse = await store.inUse();
  for (const version of await store.versions()) {
    const { rows, base } = await refitOf(join(store.folderOf(version), 'refit.json'));
    lines.push(`version   ${version}  fitted from ${base} to ${rows} rows${version === inUse ? '  (in use)' : ''}`);
  }
  await write(terminal.output, `${lines.join('\n')}\n`);
  return exitCodes.success;
}

/** Fits the heads to corrected labels and keeps them as a version if they are better on held-out corrections. */
export async function refit({ data }: { readonly data: string }, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  if (settings.KOE_MODEL === 'none') throw new UsageError('KOE_MODEL is none: there is nothing to fit');
  const texts = await readLabelledFile(data);
  // The shipped heads are the prior, whatever is in use: corrections are kept in one growing file.
  const folder = await modelFolderOf(settings, shipped);
  const report = await refitModel(folder, labelsFileOf(settings), texts, openModelStore(settings));
  const compared = [
    ['before', report.before],
    ['after', report.after],
  ] as const;
  const verdict =
    report.version === undefined
      ? 'The fitted heads are no better on held-out corrections; nothing was kept.'
      : `Kept as ${report.version}. Nothing changes until: koe model use ${report.version}`;
  const about = `${report.rows} corrections, each judged by heads that were fitted without it`;
  await write(terminal.output, `${about}\n\n${figuresTable(compared)}\n\n${verdict}\n`);
  return report.version === undefined ? exitCodes.failure : exitCodes.success;
}

/** Takes a version that was made here into use, or goes back to the shipped model; workers follow when they restart. */
export async function useModel(version: string, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  const store = openModelStore(settings);
  if (settings.KOE_MODEL !== defaultModel) {
    throw new UsageError(`KOE_MODEL is set to ${settings.KOE_MODEL}, which goes before any version; unset it first`);
  }
  if (version === shipped) await store.use(undefined);
  else {
    const versions = await store.versions();
    if (!versions.includes(version)) {
      throw new UsageError(`there is no version ${version}; there are ${[shipped, ...versions].join(', ')}`);
    }
    // A folder that is not whole must not be taken into use.
    await openModelFolder(store.folderOf(version));
    await store.use(version);
  }
  await write(
    terminal.output,
    `${version} is in use; restart the workers, then: koe reenrich --model-other-than-current\n`,
  );
  return exitCodes.success;
}

function labelsFileOf({ KOE_MODEL_LABELS: file }: Settings): string | undefined {
  return file === undefined ? undefined : resolve(file);
}

async function refitOf(path: string): Promise<{ readonly rows: number; readonly base: string }> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const { rows = 0, base = 'an unknown model' } = JSON.parse(text) as { rows?: number; base?: string };
  return { rows, base };
}
