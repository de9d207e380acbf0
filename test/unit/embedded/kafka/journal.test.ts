import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from '../../../../src/embedded/kafka/storage/journal.ts';
import { freshFolder } from '../../../support/kafka.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await freshFolder();
  path = join(folder, 'journal');
});
afterEach(() => rm(folder, { recursive: true }));

/** Opens the journal, runs on it, closes it. */
function on<T>(run: (journal: Journal) => T, beforeWrite?: () => void): T {
  const journal = new Journal(path, { fsync: false, beforeWrite });
  try {
    return run(journal);
  } finally {
    journal.close();
  }
}

describe('a journal', () => {
  it('has what was written after a restart, by table', () => {
    on((journal) => {
      journal.write([
        { key: ['topic', 'a/b "c"'], value: { id: 1 } },
        { key: ['offset', 'g', 't'], value: 5 },
      ]);
      journal.write([{ key: ['offset', 'g', 't'], value: 6 }]);
      journal.write([{ key: ['topic', 'gone'], value: 1 }]);
      journal.write([{ key: ['topic', 'gone'] }]);
    });
    on((journal) => {
      expect([...journal.entries('topic')]).toEqual([[['a/b "c"'], { id: 1 }]]);
      expect([...journal.entries('offset')]).toEqual([[['g', 't'], 6]]);
      expect(journal.get('offset', 'g', 't')).toBe(6);
    });
  });

  it('loses only the write that was torn, wherever it was cut', () => {
    on((journal) => journal.write([{ key: ['a'], value: 1 }]));
    const kept = statSync(path).size;
    on((journal) =>
      journal.write([
        { key: ['a'], value: 2 },
        { key: ['b'], value: 2 },
      ]),
    );
    const whole = readFileSync(path);
    for (let cut = kept; cut < whole.length; cut++) {
      writeFileSync(path, whole.subarray(0, cut));
      on((journal) => {
        expect([journal.get('a'), journal.get('b')]).toEqual([1, undefined]);
        journal.write([{ key: ['c'], value: 3 }]);
      });
      on((journal) => expect(journal.get('c')).toBe(3));
    }
  });

  it('stays small when the same keys are written again and again', () => {
    const value = 'x'.repeat(1000);
    on((journal) => {
      for (let round = 0; round < 5000; round++)
        journal.write([{ key: ['k', String(round % 10)], value: value + round }]);
    });
    expect(statSync(path).size).toBeLessThan(1_100_000);
    on((journal) => {
      expect([...journal.entries('k')]).toHaveLength(10);
      expect(journal.get('k', '9')).toBe(`${value}4999`);
    });
  });

  it('has changed nothing when the disk refuses', () => {
    let full = false;
    const refuse = () => {
      if (full) throw new Error('disk full');
    };
    on((journal) => {
      journal.write([{ key: ['a'], value: 1 }]);
      full = true;
      expect(() => journal.write([{ key: ['a'], value: 2 }])).toThrow(expect.objectContaining({ code: 56 }));
      expect(journal.get('a')).toBe(1);
    }, refuse);
    on((journal) => expect(journal.get('a')).toBe(1));
  });
});
