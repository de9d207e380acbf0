import { exitCodes, UsageError } from '../app/exit-code.ts';
import { type Conversation, summarizeConversation, type Turn } from '../insight/conversation.ts';
import { readTurns } from '../store/turns.ts';
import { printAnswer } from './answer.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

/** Options of `koe conversation`. */
export interface ConversationOptions {
  readonly tenant: string;
  readonly json: boolean;
}

/**
 * Prints how a conversation went, turn by turn, or as one JSON document.
 *
 * @throws UsageError when the tenant has no such conversation
 */
export async function conversation(id: string, options: ConversationOptions, terminal: Terminal): Promise<number> {
  await printAnswer(options, terminal, async (database) => {
    const turns = await readTurns(database, options.tenant, id);
    if (turns.length === 0) throw new UsageError(`${options.tenant} has no conversation ${printable(id)}`);
    const summary = summarizeConversation(turns);
    return { report: toReport(options.tenant, id, summary), table: () => toText(summary) };
  });
  return exitCodes.success;
}

/** Times as RFC 3339, as in records. */
function toReport(tenant: string, id: string, { turns, ...summary }: Conversation): object {
  const dated = turns.map(({ at, ...turn }) => ({ ...turn, at: new Date(at).toISOString() }));
  return { tenant, id, ...summary, turns: dated };
}

function toText(summary: Conversation): string {
  const { turns, counts, course, start, end, tippedBy } = summary;
  const { firstResponseSeconds, firstAgentResponseSeconds, resolutionSeconds } = summary;
  const facts = [
    `${course}: from ${signed(start)} to ${signed(end)}`,
    `${counts.customer} turns of the customer, ${counts.agent} of agents, ${counts.bot} of bots`,
    ...duration('first response', firstResponseSeconds),
    ...duration('first response of a person', firstAgentResponseSeconds),
    ...duration('resolved', resolutionSeconds),
  ];
  return `${[...turns.map((turn) => line(turn, tippedBy)), '', ...facts].join('\n')}\n`;
}

function line({ at, author, id, score }: Turn, tippedBy: string | undefined): string {
  const said = author === 'customer' ? signed(score ?? 0) : '';
  const tip = author === 'customer' && id === tippedBy ? '  <- tipped here' : '';
  return `${new Date(at).toISOString()}  ${author.padEnd(8)}  ${said.padStart(5)}  ${printable(id)}${tip}`;
}

function signed(score: number): string {
  return `${score > 0 ? '+' : ''}${score.toFixed(2)}`;
}

function duration(what: string, seconds: number | undefined): string[] {
  if (seconds === undefined) return [];
  const minutes = Math.floor(seconds / 60);
  return [`${what} after ${minutes > 0 ? `${minutes} min ` : ''}${seconds % 60} s`];
}
