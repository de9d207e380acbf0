import type { Feedback } from '../domain/feedback.ts';
import { maskPersonalData } from '../text/personal-data.ts';

/** Feedback without personal data in its free text, with the number of pieces masked of each kind. */
export interface MaskedFeedback {
  readonly feedback: Feedback;
  readonly personalData: Readonly<Record<string, number>>;
}

/**
 * Masks personal data in text and title, before anything is analysed, stored, published or logged.
 * Lone surrogates become U+FFFD, one for one, because no encoding can store them.
 */
export function mask(feedback: Feedback): MaskedFeedback {
  const personalData: Record<string, number> = {};
  const maskText = (text: string): string => {
    const masked = maskPersonalData(text.toWellFormed());
    for (const [kind, count] of Object.entries(masked.counts)) personalData[kind] = (personalData[kind] ?? 0) + count;
    return masked.text;
  };
  return {
    feedback: {
      ...feedback,
      text: maskText(feedback.text),
      ...(feedback.title !== undefined && { title: maskText(feedback.title) }),
    },
    personalData,
  };
}
