import type { Feedback } from './feedback.ts';

/**
 * The Kafka key of raw feedback: tenant with conversation, else customer, else the feedback's own id, so that what
 * one customer says stays in order.
 */
export function messageKey(feedback: Pick<Feedback, 'id' | 'tenant' | 'conversation' | 'customerId'>): string {
  const subject = feedback.conversation?.id ?? feedback.customerId ?? feedback.id;
  return `${feedback.tenant}/${subject}`;
}
