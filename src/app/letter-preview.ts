import { unwrapFromRegistry } from '../domain/wire-format.ts';
import type { Masker } from '../text/personal-data/masker.ts';

const mostShown = 4_000;
/** Read beyond what is shown, so that nothing is cut in two before it can be recognised. */
const margin = 400;

/**
 * Bytes as an operator may see them: as text, JSON with one field a line, personal data masked as the pipeline masks
 * it, customers' identifiers left out, cut after 4,000 characters.
 */
export function previewOf(bytes: Buffer | null, masker: Masker): string {
  if (bytes === null) return '(no value: a tombstone)';
  const text = readable(unwrapFromRegistry(bytes).value);
  const masked = masker.mask(text.slice(0, mostShown + margin).toWellFormed()).text;
  const shown = masked.slice(0, mostShown);
  return shown + (text.length > mostShown ? `\n(${bytes.length} bytes in all)` : '');
}

/** JSON is written anew: escapes such as `\u0030` would hide a telephone number. */
function readable(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  try {
    return JSON.stringify(JSON.parse(text), withoutCustomers, 2) ?? text;
  } catch {
    return text;
  }
}

function withoutCustomers(name: string, value: unknown): unknown {
  return name === 'customerId' ? '[customer]' : value;
}
