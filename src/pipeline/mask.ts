import type { Feedback } from '../domain/feedback.ts';
import { kindOfField } from '../text/personal-data/field-names.ts';
import type { Masker } from '../text/personal-data/masker.ts';
import { placeholders } from '../text/personal-data/placeholders.ts';

/** Feedback without personal data in what people wrote, with the number of pieces masked of each kind. */
export interface MaskedFeedback {
  readonly feedback: Feedback;
  readonly personalData: Readonly<Record<string, number>>;
}

// Placeholders may be longer than what they replace.
const longestQuestion = 1000;
const longestUrl = 2048;

/**
 * Masks personal data in text, title, question, attributes and address of the source, before anything is analysed,
 * stored, published or logged. An attribute whose name says what it holds (customerName, email) is masked as a whole.
 * Identifiers stay as they are. Lone surrogates become U+FFFD, one for one, because no encoding can store them.
 */
export function mask(feedback: Feedback, masker: Masker): MaskedFeedback {
  const personalData: Record<string, number> = {};
  const count = (kind: string, times: number) => {
    personalData[kind] = (personalData[kind] ?? 0) + times;
  };
  const maskText = (text: string): string => {
    const masked = masker.mask(text.toWellFormed());
    for (const [kind, times] of Object.entries(masked.counts)) count(kind, times);
    return masked.text;
  };
  const maskAttribute = ([name, value]: [string, string | number | boolean]) => {
    const kind = kindOfField(name);
    if (kind === undefined || typeof value === 'boolean') {
      return [name, typeof value === 'string' ? maskText(value) : value];
    }
    if (value === placeholders[kind]) return [name, value];
    count(kind, 1);
    return [name, placeholders[kind]];
  };
  const { title, survey, attributes, source } = feedback;
  return {
    feedback: {
      ...feedback,
      text: maskText(feedback.text),
      ...(title !== undefined && { title: maskText(title) }),
      ...(survey?.question !== undefined && {
        survey: { ...survey, question: maskText(survey.question).slice(0, longestQuestion) },
      }),
      ...(attributes !== undefined && {
        attributes: Object.fromEntries(Object.entries(attributes).map(maskAttribute)),
      }),
      ...(source?.url !== undefined && { source: { ...source, url: maskText(source.url).slice(0, longestUrl) } }),
    },
    personalData,
  };
}
