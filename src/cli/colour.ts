import { type Terminal, write } from './terminal.ts';

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** A text in a colour or weight, by SGR sequences (ECMA-48, 8.3.117). */
function painted(style: keyof typeof codes, text: string): string {
  const [on, off] = codes[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** Whether to paint: on a terminal that can, unless NO_COLOR is set (https://no-color.org). */
export function wantsColour({ environment, output }: Pick<Terminal, 'environment' | 'output'>): boolean {
  const isTerminal = 'isTTY' in output && output.isTTY === true;
  return isTerminal && (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb';
}

/**
 * A table that is painted after it was laid out, so that no width changes: headings bold, borders dim, what customers said
 * apart from figures, signs and bands in the colour of what they mean.
 */
export function coloured(table: string): string {
  const lines = table.split('\n');
  return lines
    .map((line, at) => {
      if (line.startsWith('┌') || line.startsWith('├') || line.startsWith('└')) return painted('dim', line);
      if (!line.startsWith('│')) return line;
      return lines[at - 1]?.startsWith('┌') ? bordered(line, (cell) => painted('bold', cell)) : bordered(line, meaning);
    })
    .join('\n');
}

function bordered(line: string, paint: (cell: string) => string): string {
  return line
    .split('│')
    .map((cell) => (cell.trim() === '' ? cell : paint(cell)))
    .join(painted('dim', '│'));
}

function meaning(cell: string): string {
  const band = /^( +)(critical|high)( *)$/.exec(cell);
  if (band !== null) return `${band[1]}${painted(band[2] === 'critical' ? 'red' : 'yellow', band[2] ?? '')}${band[3]}`;
  const figure = /^( +)([+−]\d[\d.,]*)( *)$/.exec(cell);
  if (figure !== null) {
    const [, before, number = '', after] = figure;
    return `${before}${painted(number.startsWith('+') ? 'green' : 'red', number)}${after}`;
  }
  return cell
    .replaceAll(/(:[^\s:、「」]{1,60}:)([+-])(?![^\s、)])/g, (_, key: string, sign: string) => {
      return key + painted(sign === '+' ? 'green' : 'red', sign);
    })
    .replaceAll(/[↑↓]\*/g, (change) => painted('bold', change))
    .replaceAll(/「[^」]{0,500}(?:」|…)/g, (said) => painted('cyan', said));
}

/** Writes a table, painted where that is wanted. */
export async function writeTable(terminal: Terminal, table: string): Promise<void> {
  await write(terminal.output, wantsColour(terminal) ? coloured(table) : table);
}
