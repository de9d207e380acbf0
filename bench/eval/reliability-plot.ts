import type { ReliabilityBin } from '../../src/insight/reliability.ts';

const size = 240;
const margin = 36;

/** Draws bins of one or more kinds of statement as an SVG: mean confidence across, share that was right upwards. */
export function reliabilityPlot(kinds: readonly { readonly name: string; readonly bins: readonly ReliabilityBin[] }[]) {
  const x = (share: number) => (margin + share * size).toFixed(1);
  const y = (share: number) => (margin + (1 - share) * size).toFixed(1);
  const colours = ['#1f6fb4', '#c0392b', '#2e8b57', '#8e5ea2'];
  const series = kinds.map(({ name, bins }, index) => {
    const colour = colours[index % colours.length];
    const points = bins.map((bin) => `${x(bin.meanConfidence)},${y(bin.accuracy)}`);
    const dots = bins.map((bin) => {
      const [across, upwards] = [x(bin.meanConfidence), y(bin.accuracy)];
      return `<circle cx="${across}" cy="${upwards}" r="${Math.min(7, 2 + Math.sqrt(bin.count) / 6).toFixed(1)}" fill="${colour}"/>`;
    });
    const label = `<text x="${margin + 8}" y="${margin + 16 + 14 * index}" fill="${colour}">${name}</text>`;
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}"/>${dots.join('')}${label}`;
  });
  const ticks = [0, 0.5, 1].map(
    (share) =>
      `<text x="${x(share)}" y="${margin + size + 16}" text-anchor="middle">${share}</text>` +
      `<text x="${margin - 6}" y="${Number(y(share)) + 4}" text-anchor="end">${share}</text>`,
  );
  const whole = size + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${whole}" font-family="sans-serif" font-size="11">`,
    `<title>Confidence (across) against the share that was right (upwards)</title>`,
    `<rect width="${whole}" height="${whole}" fill="#fff"/>`,
    `<rect x="${margin}" y="${margin}" width="${size}" height="${size}" fill="none" stroke="#999"/>`,
    `<line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" stroke="#999" stroke-dasharray="4 3"/>`,
    ...ticks,
    ...series,
    '</svg>',
    '',
  ].join('\n');
}
