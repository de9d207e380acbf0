import type { ShownLetter } from '../domain/shown-letter.ts';
import type { DeadLetter } from '../kafka/dead-letter-reader.ts';
import type { DeadLetterDecision } from '../store/dead-letters.ts';
import type { Masker } from '../text/personal-data/masker.ts';
import { previewOf } from './letter-preview.ts';

/** Makes a dead letter fit to be shown. */
export function shownLetter(letter: DeadLetter, decision: DeadLetterDecision | undefined, masker: Masker): ShownLetter {
  const { message, code, step, detail, sourceTopic } = letter;
  return {
    letter: `${message.partition}:${message.offset}`,
    at: new Date(message.timestamp).toISOString(),
    status: decision === undefined ? 'waiting' : decision.interrupted ? 'interrupted' : decision.status,
    ...(decision && { by: decision.by, decidedAt: decision.at.toISOString() }),
    ...(code !== undefined && { code: code.toWellFormed() }),
    ...(step !== undefined && { step: step.toWellFormed() }),
    ...(detail !== undefined && { detail: headerText(detail, masker) }),
    ...(sourceTopic !== undefined && {
      source: `${sourceTopic}/${letter.sourcePartition ?? '?'}/${letter.sourceOffset ?? '?'}`,
    }),
    redriveCount: letter.redriveCount,
    keyBytes: message.key?.length ?? 0,
    valueBytes: message.value?.length ?? 0,
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, values]) => [
        name,
        values.map((value) => headerText(value.toString(), masker)),
      ]),
    ),
    preview: previewOf(message.value, masker),
  };
}

function headerText(text: string, masker: Masker): string {
  return masker.mask(text.slice(0, 2_000).toWellFormed()).text.replaceAll(/[\n\t]/g, ' ');
}
