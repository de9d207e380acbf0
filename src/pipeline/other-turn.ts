import type { Feedback } from '../domain/feedback.ts';
import type { OtherTurn } from '../domain/turn.ts';

/**
 * What is kept of an agent's or a bot's turn; nothing of any other feedback.
 *
 * @param receivedAt milliseconds since 1970
 */
export function toOtherTurn(feedback: Feedback, receivedAt: number): OtherTurn[] {
  const { tenant, id, revision = 0, channel, conversation, occurredAt } = feedback;
  if (conversation === undefined || conversation.author === 'customer') return [];
  return [
    {
      ...{ tenant, id, revision, channel },
      conversation: conversation.id,
      ...(conversation.turn !== undefined && { turn: conversation.turn }),
      author: conversation.author,
      occurredAt: new Date(occurredAt).toISOString(),
      receivedAt: new Date(receivedAt).toISOString(),
    },
  ];
}
