import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { analyze } from '../../src/cli/analyze.ts';

test('a stream of any length is analysed in order, and nothing is read ahead of what is written', async () => {
  const [chunks, perChunk] = [40, 100];
  let given = 0;
  async function* input() {
    for (let chunk = 0; chunk < chunks; chunk++) {
      const lines = Array.from({ length: perChunk }, (_, at) => `${given + at}番目の注文です。対応が遅いです。\n`);
      given += perChunk;
      yield lines.join('');
    }
  }
  const texts: string[] = [];
  let mostAhead = 0;
  const output = new Writable({
    write(piece, _, done) {
      mostAhead = Math.max(mostAhead, given - texts.length);
      for (const line of String(piece).trim().split('\n')) texts.push(JSON.parse(line).text);
      done();
    },
  });
  const errors = new Writable({ write: (_, __, done) => done() });
  const environment = { KOE_MODEL: 'none', KOE_ANALYSIS_PROCESSES: '1' };
  const options = { text: true, pretty: false, tenant: 'shop', channel: 'review' } as const;
  expect(await analyze(options, { environment, input: input(), output, errors })).toBe(0);
  expect(texts.map((text) => Number.parseInt(text, 10))).toEqual(Array.from({ length: given }, (_, at) => at));
  // What is in hand, and what comes next.
  expect(mostAhead).toBeLessThanOrEqual(3 * perChunk);
});
