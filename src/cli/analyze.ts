import { customerNames } from '../app/customer-names.ts';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import { openAnalyzer } from '../app/open-analyzer.ts';
import { openTriagePolicy } from '../app/triage-policy.ts';
import { readSettings } from '../config/settings.ts';
import { feedbackSchema } from '../domain/feedback.ts';
import type { Channel } from '../domain/labels.ts';
import { andThen, ok } from '../domain/outcome.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import { createEnricher, type Enricher } from '../pipeline/enricher.ts';
import { createMasker } from '../text/personal-data/masker.ts';
import { loadPersonNames } from '../text/personal-data/person-names.ts';
import { wantsColour } from './colour.ts';
import { type Line, lineBatches } from './line-batches.ts';
import { prettyRecord } from './pretty-record.ts';
import { describeRefusal, guardFeedback, IgnoredFields, readFeedbackLine, readTextLine } from './read-feedback.ts';
import { type Terminal, write } from './terminal.ts';
import { unzipped } from './unzipped.ts';

const linesPerBatch = 128;

/** Options of `koe analyze`. */
export interface AnalyzeOptions {
  /** Lines are texts and not JSON. */
  readonly text: boolean;
  /** For people instead of programs. */
  readonly pretty: boolean;
  readonly tenant: string;
  readonly channel: Channel;
}

/**
 * Prints the enriched record of each line of the input, in order, as JSON lines or for people to read; uses no server.
 * Lines that cannot be enriched are named on standard error.
 *
 * @returns the exit code: 65 when a line was refused
 */
export async function analyze(options: AnalyzeOptions, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  if (!feedbackSchema.shape.tenant.safeParse(options.tenant).success) {
    throw new UsageError('--tenant must be letters, digits, dot, _ or -, at most 64');
  }
  const analyzer = await openAnalyzer(settings);
  try {
    if (analyzer.versions.model === 'none' && settings.KOE_MODEL !== 'none') {
      await write(terminal.errors, `no model in ${settings.KOE_MODEL}: sentiment comes from the lexicon\n`);
    }
    const ignored = new IgnoredFields();
    const enrich = createEnricher({
      analyzer,
      masker: createMasker(await loadPersonNames()),
      pseudonymize: customerNames(settings),
      competitors: openTriagePolicy(settings).competitors,
    });
    const read = (line: Line) =>
      andThen(
        options.text ? readTextLine(line, options, settings) : readFeedbackLine(line, settings, ignored),
        (feedback) => guardFeedback(feedback, settings),
      );
    const colour = wantsColour(terminal);
    const show = (record: EnrichedRecord) =>
      options.pretty ? prettyRecord(record, colour) : `${JSON.stringify(record)}\n`;
    let refused = 0;
    for await (const lines of lineBatches(unzipped(terminal.input), linesPerBatch, settings.KOE_MAX_MESSAGE_BYTES)) {
      refused += await analyzeLines(
        lines.filter(({ bytes }) => bytes.length > 0),
        read,
        enrich,
        show,
        terminal,
      );
    }
    await write(terminal.errors, ignored.summary());
    return refused > 0 ? exitCodes.badData : exitCodes.success;
  } finally {
    await analyzer.close();
  }
}

async function analyzeLines(
  lines: readonly Line[],
  read: (line: Line) => ReturnType<typeof readFeedbackLine>,
  enrich: Enricher,
  show: (record: EnrichedRecord) => string,
  terminal: Terminal,
): Promise<number> {
  const receivedAt = Date.now();
  const arrivals = lines.map((line) => andThen(read(line), (feedback) => ok({ feedback, origin: { receivedAt } })));
  const outcomes = await enrich(arrivals);
  let refused = 0;
  for (const [index, line] of lines.entries()) {
    const outcome = outcomes[index];
    if (outcome?.kind === 'ok') await write(terminal.output, show(outcome.value));
    else if (outcome !== undefined) {
      await write(terminal.errors, describeRefusal(line, outcome));
      if (outcome.kind === 'dead-letter') refused++;
    }
  }
  return refused;
}
