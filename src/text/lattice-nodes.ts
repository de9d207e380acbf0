/** A word of the cheapest path through a text. */
export interface PathWord {
  /** Whether its entry is one of the dictionary's, else of the classes of unknown words. */
  readonly known: boolean;
  /** Offset of its entry. */
  readonly entry: number;
  /** Half-open range in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** More than any path costs, and still a small integer to the engine. */
const unreachable = 0x3fffffff;
const none = -1;
/** Nodes and positions that there is room for at first; both grow as texts need. */
const firstRoom = { nodes: 8192, positions: 1024 };

/**
 * The nodes of one lattice in flat arrays, each with its cheapest predecessor (Viterbi 1967), found as it is appended:
 * nodes come by ascending start, so all that end where it starts are there. Node 0 is the beginning of the text.
 */
export class LatticeNodes {
  readonly #known: Int16Array;
  readonly #unknown: Int16Array;
  /** What it costs to put a word behind another: by left id, then by the right id of the one before. */
  readonly #costs: Int16Array;
  readonly #columns: number;
  /** Words that begin at one place often share their left id, and so their predecessor: kept for the present place. */
  readonly #foundAt: Float64Array;
  readonly #foundCost: Int32Array;
  readonly #foundBefore: Int32Array;
  /** Counts places over all texts. */
  #place = 0;
  #count = 0;
  #length = 0;
  #entry = new Int32Array(firstRoom.nodes);
  #isKnown = new Uint8Array(firstRoom.nodes);
  #start = new Int32Array(firstRoom.nodes);
  #right = new Int32Array(firstRoom.nodes);
  #cost = new Int32Array(firstRoom.nodes);
  #before = new Int32Array(firstRoom.nodes);
  /** The next node that ends where a node does. */
  #next = new Int32Array(firstRoom.nodes);
  /** The first and last node that end at a position. */
  #first = new Int32Array(firstRoom.positions);
  #last = new Int32Array(firstRoom.positions);

  /**
   * @param known and `unknown`: dictionary entries, five shorts each: left id, right id, cost, and two for features
   * @param costs kuromoji's: two dimensions, then the matrix by right id and left id
   */
  constructor(known: Int16Array, unknown: Int16Array, costs: { readonly buffer: Int16Array }) {
    this.#known = known;
    this.#unknown = unknown;
    // Turned round, what one word asks for lies together in memory.
    const [rights = 0, lefts = 0] = costs.buffer;
    this.#columns = rights;
    this.#foundAt = new Float64Array(lefts);
    this.#foundCost = new Int32Array(lefts);
    this.#foundBefore = new Int32Array(lefts);
    this.#costs = new Int16Array(rights * lefts);
    for (let right = 0; right < rights; right += 1) {
      for (let left = 0; left < lefts; left += 1) {
        this.#costs[left * rights + right] = costs.buffer[2 + right * lefts + left] ?? 0;
      }
    }
  }

  /** Forgets the last text. */
  begin(length: number): void {
    if (length + 1 > this.#first.length) {
      this.#first = new Int32Array(2 * length + 2);
      this.#last = new Int32Array(2 * length + 2);
    }
    this.#first.fill(none, 0, length + 1);
    this.#length = length;
    this.#place += 1;
    this.#count = 1;
    this.#start[0] = none;
    this.#right[0] = 0;
    this.#cost[0] = 0;
    this.#next[0] = none;
    this.#first[0] = 0;
    this.#last[0] = 0;
  }

  /** Whether a node ends at a position. */
  endsAt(position: number): boolean {
    return this.#first[position] !== none;
  }

  /** Adds a word that covers `[start, end)`, by the byte offset of its entry. */
  append(isKnown: boolean, entry: number, start: number, end: number): void {
    const node = this.#count;
    if (node === this.#entry.length) this.#grow();
    this.#count += 1;
    const words = isKnown ? this.#known : this.#unknown;
    const at = entry >> 1;
    if (start !== this.#start[node - 1]) this.#place += 1;
    this.#entry[node] = entry;
    this.#isKnown[node] = isKnown ? 1 : 0;
    this.#start[node] = start;
    this.#right[node] = words[at + 1] ?? 0;
    this.#cost[node] = this.#connect(node, start, words[at] ?? 0) + (words[at + 2] ?? 0);
    this.#next[node] = none;
    if (this.#first[end] === none) this.#first[end] = node;
    else this.#next[this.#last[end] ?? 0] = node;
    this.#last[end] = node;
  }

  /** The words of the cheapest path to the end of the text. */
  path(): PathWord[] {
    const end = this.#count;
    if (end === this.#entry.length) this.#grow();
    this.#place += 1;
    this.#connect(end, this.#length, 0);
    const words: PathWord[] = [];
    let behind = this.#length;
    for (let node = this.#before[end] ?? 0; node !== 0; node = this.#before[node] ?? 0) {
      const start = this.#start[node] ?? 0;
      words.push({ known: this.#isKnown[node] === 1, entry: this.#entry[node] ?? 0, start, end: behind });
      behind = start;
    }
    return words.reverse();
  }

  /** Gives a node its cheapest predecessor, the first of equals; returns what the path to it costs. */
  #connect(node: number, start: number, left: number): number {
    if (this.#foundAt[left] !== this.#place) this.#find(start, left);
    this.#before[node] = this.#foundBefore[left] ?? 0;
    return this.#foundCost[left] ?? unreachable;
  }

  #find(start: number, left: number): void {
    const row = left * this.#columns;
    const matrix = this.#costs;
    const costs = this.#cost;
    const rights = this.#right;
    const following = this.#next;
    let cheapest = unreachable;
    let before = 0;
    for (let each = this.#first[start] ?? none; each !== none; each = following[each] ?? none) {
      const cost = (costs[each] ?? 0) + (matrix[row + (rights[each] ?? 0)] ?? 0);
      if (cost < cheapest) {
        cheapest = cost;
        before = each;
      }
    }
    this.#foundAt[left] = this.#place;
    this.#foundCost[left] = cheapest;
    this.#foundBefore[left] = before;
  }

  #grow(): void {
    const size = 2 * this.#entry.length;
    const larger = <T extends Int32Array | Uint8Array>(array: T, made: T): T => {
      made.set(array);
      return made;
    };
    this.#isKnown = larger(this.#isKnown, new Uint8Array(size));
    this.#entry = larger(this.#entry, new Int32Array(size));
    this.#start = larger(this.#start, new Int32Array(size));
    this.#right = larger(this.#right, new Int32Array(size));
    this.#cost = larger(this.#cost, new Int32Array(size));
    this.#before = larger(this.#before, new Int32Array(size));
    this.#next = larger(this.#next, new Int32Array(size));
  }
}
