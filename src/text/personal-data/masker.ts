import type { Span } from '../../domain/span.ts';
import { alignText } from '../aligned-text.ts';
import { addressDetector } from './address.ts';
import { bankAccountDetector } from './bank-account.ts';
import { birthDateDetector } from './birth-date.ts';
import { cardDetector } from './card.ts';
import { customerNumberDetector } from './customer-number.ts';
import type { PersonalDataDetector } from './detector.ts';
import { drivingLicenceDetector } from './driving-licence.ts';
import { healthInsuranceDetector } from './health-insurance.ts';
import { individualNumberDetector } from './individual-number.ts';
import { ipAddressDetector } from './ip-address.ts';
import { mailDetector } from './mail.ts';
import { createNameDetector } from './name.ts';
import { passportDetector } from './passport.ts';
import type { PersonNames } from './person-names.ts';
import { type PersonalDataKind, placeholderPattern, placeholders } from './placeholders.ts';
import { postalCodeDetector } from './postal-code.ts';
import { secretDetector } from './secret.ts';
import { socialAccountDetector } from './social-account.ts';
import { telephoneDetector } from './telephone.ts';

/** A text without personal data, and how many pieces of each kind were replaced. */
export interface MaskedText {
  readonly text: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** One piece of personal data in a text. */
export interface PersonalDatum {
  readonly kind: PersonalDataKind;
  /** Range in the text. */
  readonly span: Span;
}

/** Finds and replaces personal data. */
export interface Masker {
  /** In order, without overlaps; never inside a placeholder. */
  find(text: string): PersonalDatum[];
  /**
   * Replaces what is found by typed placeholders. Full-width forms and invisible characters hide nothing; masking a
   * masked text changes nothing.
   */
  mask(text: string): MaskedText;
}

/** Makes a masker of all kinds; names of persons are looked up in `names`. */
export function createMasker(names: PersonNames): Masker {
  // Where two find overlapping ranges the earlier one wins.
  const detectors: readonly PersonalDataDetector[] = [
    secretDetector,
    mailDetector,
    socialAccountDetector,
    drivingLicenceDetector,
    healthInsuranceDetector,
    passportDetector,
    bankAccountDetector,
    customerNumberDetector,
    birthDateDetector,
    individualNumberDetector,
    cardDetector,
    telephoneDetector,
    postalCodeDetector,
    addressDetector,
    createNameDetector(names),
    ipAddressDetector,
  ];
  const find = (text: string) => findWith(detectors, text);
  return { find, mask: (text) => maskAll(text, find) };
}

/** What is masked may give away what stands beside it (a name before a telephone number), so it is looked at again. */
function maskAll(text: string, find: Masker['find'], counts: Readonly<Record<string, number>> = {}): MaskedText {
  const found = find(text);
  if (found.length === 0) return { text, counts };
  const masked = replaced(text, found);
  const sums = { ...counts };
  for (const [kind, count] of Object.entries(masked.counts)) sums[kind] = (sums[kind] ?? 0) + count;
  return maskAll(masked.text, find, sums);
}

function findWith(detectors: readonly PersonalDataDetector[], text: string): PersonalDatum[] {
  const aligned = alignText(text);
  const searched = withPlainDashes(aligned.normalized);
  const taken = new Uint8Array(searched.length);
  for (const { index, 0: placeholder } of searched.matchAll(placeholderPattern)) {
    taken.fill(1, index, index + placeholder.length);
  }
  const found: PersonalDatum[] = [];
  for (const { kind, find } of detectors) {
    for (const span of find(searched)) {
      if (span.start >= span.end || taken.subarray(span.start, span.end).includes(1)) continue;
      taken.fill(1, span.start, span.end);
      found.push({ kind, span: aligned.toOriginal(span) });
    }
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

/** Strokes that people type for a hyphen between digits; one unit for one. */
function withPlainDashes(text: string): string {
  return /\d ?[ー〜一・]/.test(text) ? text.replace(/(?<=\d ?)[ー〜一](?= ?\d)/g, '-') : text;
}

function replaced(text: string, found: readonly PersonalDatum[]): MaskedText {
  const counts: Record<string, number> = {};
  let masked = '';
  let done = 0;
  for (const { span, kind } of found) {
    masked += text.slice(done, span.start) + placeholders[kind];
    done = span.end;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return { text: masked + text.slice(done), counts };
}
