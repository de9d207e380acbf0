import { exitCodes } from '../app/exit-code.ts';
import { judgeTexts } from '../app/judge-texts.ts';
import { openAnalyzer } from '../app/open-analyzer.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import type { LabelledText } from '../domain/labelled-text.ts';
import { figuresOf, majorityOf, sentimentConfusion, worstMistakes } from '../insight/label-figures.ts';
import { calibrationTable, confusionTable, figuresTable, reliabilityTable } from './figures-text.ts';
import { readLabelledFile } from './labelled-file.ts';
import { printable } from './printable.ts';
import { type Terminal, write } from './terminal.ts';

/** Options of `koe eval`. */
export interface EvalOptions {
  readonly data: string;
  /** How many of the most confident mistakes are shown. */
  readonly mistakes: number;
  readonly json: boolean;
}

/** Tells how well koe finds the labels that a person gave, beside the lexicon and always saying the most frequent. */
export async function evaluate({ data, mistakes, json }: EvalOptions, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  const texts = await readLabelledFile(data);
  const { version, judged } = await judge(texts, settings);
  const lexicon = version === 'none' ? undefined : await judge(texts, { ...settings, KOE_MODEL: 'none' });
  const most = majorityOf(texts.map(({ labels }) => labels));
  const figures = figuresOf(judged);
  const compared = [
    [version === 'none' ? 'lexicon' : version, figures],
    ...(lexicon === undefined ? [] : [['lexicon', figuresOf(lexicon.judged)] as const]),
    ['most frequent', figuresOf(texts.map(({ labels }) => ({ given: labels, found: most })))],
  ] as const;
  const worst = worstMistakes(judged, mistakes);
  if (json) {
    const page = { texts: texts.length, figures: Object.fromEntries(compared), mistakes: worst.map(({ id }) => id) };
    await write(terminal.output, `${JSON.stringify(page)}\n`);
    return exitCodes.success;
  }
  const lines = worst.map(
    ({ id, text, given, found }) =>
      `  ${printable(id)}  ${given.sentiment} > ${found.sentiment?.label ?? 'neutral'}  ${printable(text)}`,
  );
  const parts = [
    `${texts.length} texts`,
    figuresTable(compared),
    calibrationTable(figures),
    ...(figures.sentiment === undefined
      ? []
      : [confusionTable(sentimentConfusion(judged)), reliabilityTable(figures.sentiment)]),
    ...(lines.length === 0 ? [] : [`most confident mistakes of sentiment\n${lines.join('\n')}`]),
  ];
  await write(terminal.output, `${parts.join('\n\n')}\n`);
  return exitCodes.success;
}

async function judge(texts: readonly LabelledText[], settings: Settings) {
  const analyzer = await openAnalyzer(settings);
  try {
    return { version: analyzer.versions.model, judged: await judgeTexts(analyzer, texts) };
  } finally {
    await analyzer.close();
  }
}
