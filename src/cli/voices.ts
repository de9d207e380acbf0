import { exitCodes } from '../app/exit-code.ts';
import type { TopicId } from '../domain/labels.ts';
import type { Stance } from '../insight/feedback-counts.ts';
import type { VoiceOrder } from '../insight/voice-order.ts';
import { queryVoices } from '../store/voice-query.ts';
import { printAnswer } from './answer.ts';
import { type FeedbackOptions, feedbackFilter } from './feedback-options.ts';
import type { Terminal } from './terminal.ts';
import { voiceTable } from './voice-table.ts';

/** Options of `koe pain-points`, `koe praise` and `koe requests`. */
export interface VoiceOptions extends FeedbackOptions {
  readonly topic?: TopicId;
  readonly sort: VoiceOrder;
  readonly by?: string;
  readonly limit: number;
}

/** Prints what customers criticise, praise or ask for. */
export async function voices(stance: Stance, options: VoiceOptions, terminal: Terminal): Promise<number> {
  const { topic, sort, by, limit } = options;
  const filter = { ...feedbackFilter(options), stance, topic, sort, by, limit };
  await printAnswer(options, terminal, async (database) => {
    const report = await queryVoices(database, filter);
    return { report, table: (columns) => voiceTable(report, columns, options.tz) };
  });
  return exitCodes.success;
}
