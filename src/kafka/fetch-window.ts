/** What one fetch may amount to once it is unpacked; kafkajs needs about a kilobyte a message besides its bytes. */
export const unpackedBudget = { messages: 20_000, bytes: 16 * 1024 * 1024 } as const;

const smallestBytes = 16 * 1024;
const firstBytes = 128 * 1024;

/** How much to ask a broker for in the first fetch, in packed bytes. */
export function firstFetchBytes(maxBytes: number): number {
  return Math.min(firstBytes, maxBytes);
}

/**
 * How much to ask for next, in packed bytes. A broker counts bytes as they are packed, and a megabyte may be a thousand
 * messages or half a million. So the window opens step by step while there is a backlog, closes in proportion when a
 * fetch unpacked to more than the budget, and goes back when there is little to read, for the next backlog may be of
 * another kind.
 *
 * @param got messages and bytes of the last fetch, unpacked
 */
export function nextFetchBytes(
  current: number,
  got: { readonly messages: number; readonly bytes: number },
  maxBytes: number,
): number {
  const fill = Math.max(got.messages / unpackedBudget.messages, got.bytes / unpackedBudget.bytes);
  if (fill > 1) return Math.max(smallestBytes, Math.floor(current / fill));
  if (got.bytes < current / 2) return Math.max(Math.min(current, firstFetchBytes(maxBytes)), Math.floor(current / 2));
  return fill < 0.5 ? Math.min(maxBytes, current * 2) : current;
}
