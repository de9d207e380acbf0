import type { Span } from '../domain/span.ts';
import { alignText } from './aligned-text.ts';
import { detectors } from './personal-data-detectors.ts';

/** A text without personal data, and how many pieces of each kind were replaced. */
export interface MaskedText {
  readonly text: string;
  readonly counts: Readonly<Record<string, number>>;
}

const placeholders = new RegExp(detectors.map(({ placeholder }) => escapeBrackets(placeholder)).join('|'), 'g');

/**
 * Replaces mail addresses, telephone numbers, card numbers and postal codes by typed placeholders. Full-width forms
 * and invisible characters do not hide them; masking a masked text changes nothing.
 */
export function maskPersonalData(text: string): MaskedText {
  if (!/[@＠﹫]|\p{Nd}/u.test(text)) return { text, counts: {} };
  const aligned = alignText(text);
  const taken = new Uint8Array(aligned.normalized.length);
  const found: { readonly span: Span; readonly kind: string; readonly placeholder: string }[] = [];
  for (const { kind, placeholder, find } of detectors) {
    for (const span of find(aligned.normalized)) {
      if (taken.subarray(span.start, span.end).includes(1)) continue;
      taken.fill(1, span.start, span.end);
      found.push({ span, kind, placeholder });
    }
  }
  found.sort((a, b) => a.span.start - b.span.start);
  const counts: Record<string, number> = {};
  let masked = '';
  let done = 0;
  for (const { span, kind, placeholder } of found) {
    const origin = aligned.toOriginal(span);
    masked += text.slice(done, origin.start) + placeholder;
    done = origin.end;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return { text: masked + text.slice(done), counts };
}

/** The text with placeholders blanked, for whoever must not read them as the customer's words. Lengths change. */
export function withoutPlaceholders(text: string): string {
  return text.replace(placeholders, ' ');
}

function escapeBrackets(placeholder: string): string {
  return placeholder.replace(/[[\]]/g, '\\$&');
}
