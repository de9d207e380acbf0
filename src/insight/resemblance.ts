// Near-duplicates by resemblance: the share of common shingles (here pairs of neighbouring characters), estimated by
// minimum hashes in bands. A. Z. Broder, "On the resemblance and containment of documents", 1997; bands: J. Leskovec,
// A. Rajaraman, J. D. Ullman, "Mining of Massive Datasets", chapter 3.

const shortest = 20;
/** What of a text is looked at, in UTF-16 units. */
const longest = 2000;
/** From this share on two texts are the same with small edits: one letter of 20, two of 40. */
const enough = 0.8;
/** Of texts that resemble each other by 0.8, 99.7 % share a band; of those by 0.3, 20 %. */
const bandCount = 8;
const rowsPerBand = 3;

/** The letters and digits of a text that are compared; undefined where they are too few: 美味しかったです is no copy. */
export function comparedWords(text: string): string | undefined {
  const words = text
    .slice(0, 2 * longest)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .slice(0, longest);
  return words.length < shortest ? undefined : words;
}

/** Names of the bands of compared words: texts that resemble each other share one with high probability. */
export function bandsOf(words: string): string[] {
  const least = new Uint32Array(bandCount * rowsPerBand).fill(0xffff_ffff);
  for (const shingle of shinglesOf(words)) {
    for (let row = 0; row < least.length; row += 1) {
      const hash = mixed(shingle, row);
      if (hash < (least[row] ?? 0)) least[row] = hash;
    }
  }
  return Array.from({ length: bandCount }, (_, band) =>
    [band, ...least.subarray(band * rowsPerBand, (band + 1) * rowsPerBand)].map((part) => part.toString(36)).join('.'),
  );
}

/** Whether compared words are the same but for small edits. */
export function areNearDuplicates(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [shinglesOf(one), shinglesOf(other)];
  let common = 0;
  for (const shingle of a) if (b.has(shingle)) common += 1;
  return common >= enough * (a.size + b.size - common);
}

/** Pairs of neighbouring UTF-16 units, each as one number. */
function shinglesOf(words: string): Set<number> {
  const shingles = new Set<number>();
  for (let index = 1; index < words.length; index += 1) {
    shingles.add(words.charCodeAt(index - 1) * 0x10000 + words.charCodeAt(index));
  }
  return shingles;
}

/** One of a family of 32-bit hashes: the finalizer of MurmurHash3 (A. Appleby) on a number seeded by its row. */
function mixed(value: number, row: number): number {
  let hash = (value % 0x1_0000_0000) ^ Math.imul(row + 1, 0x9e37_79b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
