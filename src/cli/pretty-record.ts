import type { Opinion } from '../domain/analysis.ts';
import type { Polarity } from '../domain/labels.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import { printable } from './printable.ts';

// Select Graphic Rendition, ECMA-48 section 8.3.117.
const colours: Readonly<Record<Polarity, string>> = { positive: '32', negative: '31', neutral: '33' };
const signs: Readonly<Record<Polarity, string>> = { positive: '+', negative: '-', neutral: '0' };

/**
 * A record for people to read: id, status and sentiment; the text with what opinions are about underlined and their
 * expressions underlined in the colour of their polarity; a line for each opinion.
 *
 * @param colour without it nothing is underlined or coloured
 */
export function prettyRecord(record: EnrichedRecord, colour: boolean): string {
  const { id, status, sentiment, text, opinions } = record;
  const verdict = sentiment === undefined ? '' : ` ${sentiment.label} ${sentiment.score}`;
  const lines = [`${printable(id)}  ${status}${verdict}`, ...marked(text, opinions, colour).split('\n')];
  const list = opinions.map((opinion) => describe(opinion, colour));
  return [...lines, ...list, ''].map((line) => `${line}\n`).join('');
}

function describe(
  { target, expression, polarity, negated, intensity, modality, key }: Opinion,
  colour: boolean,
): string {
  const pair = `${printable(target?.surface ?? '—')} → ${printable(expression.surface)}`;
  const notes = [
    negated ? 'negated' : '',
    intensity === 'normal' ? '' : intensity,
    modality === 'stated' ? '' : modality,
  ].filter((note) => note !== '');
  const sign = colour ? styled(signs[polarity], colours[polarity]) : signs[polarity];
  return `  ${sign} ${pair}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}  ${printable(key)}`;
}

/** The text with each stretch of one style wrapped in its codes. */
function marked(text: string, opinions: readonly Opinion[], colour: boolean): string {
  // One unit for one unit, so that spans still fit.
  const safe = printable(text);
  if (!colour) return safe;
  const styles = new Map<number, string>();
  for (const { target, expression, polarity } of opinions) {
    for (let unit = target?.span.start ?? 0; unit < (target?.span.end ?? 0); unit += 1) {
      if (!styles.has(unit)) styles.set(unit, '4');
    }
    for (let unit = expression.span.start; unit < expression.span.end; unit += 1) {
      styles.set(unit, `4;${colours[polarity]}`);
    }
  }
  let out = '';
  for (let start = 0; start < safe.length; ) {
    const style = styles.get(start);
    let end = start + 1;
    while (end < safe.length && styles.get(end) === style) end += 1;
    const piece = safe.slice(start, end);
    out += style === undefined ? piece : styled(piece, style);
    start = end;
  }
  return out;
}

function styled(text: string, style: string): string {
  return `\u001b[${style}m${text}\u001b[0m`;
}
