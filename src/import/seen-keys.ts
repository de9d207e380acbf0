import { createHash } from 'node:crypto';

const slotWords = 4;
const firstSlots = 1024;

/**
 * Numbers under keys, for more keys than a map would hold: 16 bytes a slot whatever the key's length. Of keys only 96 bits of
 * their SHA-256 are kept: among a billion, two are taken for one with a probability of 10^-11.
 */
export class SeenKeys {
  #slots = new Uint32Array(firstSlots * slotWords);
  #used = 0;

  /** The number last set under a key, 0 for none. */
  get(key: string): number {
    return this.#slots[this.#find(this.#slots, digest(key)) + 3] ?? 0;
  }

  /** Sets a number, from 1 to 2^32 − 1, under a key. */
  set(key: string, value: number): void {
    if (2 * (this.#used + 1) > this.#slots.length / slotWords) this.#grow();
    const words = digest(key);
    const at = this.#find(this.#slots, words);
    if (this.#slots[at + 3] === 0) this.#used++;
    this.#slots.set([...words, value], at);
  }

  #find(slots: Uint32Array, [first, second, third]: Words): number {
    const count = slots.length / slotWords;
    for (let slot = first % count; ; slot = (slot + 1) % count) {
      const at = slot * slotWords;
      const isFree = slots[at + 3] === 0;
      if (isFree || (slots[at] === first && slots[at + 1] === second && slots[at + 2] === third)) return at;
    }
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += slotWords) {
      const [first = 0, second = 0, third = 0, value = 0] = old.subarray(at, at + slotWords);
      if (value > 0) slots.set([first, second, third, value], this.#find(slots, [first, second, third]));
    }
    this.#slots = slots;
  }
}

type Words = readonly [number, number, number];

function digest(key: string): Words {
  const bytes = createHash('sha256').update(key).digest();
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
}
