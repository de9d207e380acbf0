import { inputTopics, type TopicNames } from '../domain/topics.ts';
import { redrivenMessage } from '../kafka/dead-letter.ts';
import type { DeadLetter } from '../kafka/dead-letter-reader.ts';
import { MessageTooLargeError } from '../kafka/errors.ts';
import type { MessageProducer } from '../kafka/producer.ts';
import { type DeadLetterClaim, type DeadLetterDecisions, deadLetterKey } from '../store/dead-letters.ts';

/** What became of the letters of one call. */
export interface SettledLetters {
  /** Redriven or dropped by this call. */
  readonly settled: readonly DeadLetter[];
  /** Left alone because somebody else has them in hand or has decided already. */
  readonly taken: readonly DeadLetter[];
  /** Cannot go back: not from a topic of koe's, or larger than that topic accepts today. */
  readonly refused: readonly DeadLetter[];
}

/** What settling works with. */
export interface SettlingParts {
  readonly decisions: DeadLetterDecisions;
  readonly producer: MessageProducer;
  readonly topics: TopicNames;
}

const nothing: SettledLetters = { settled: [], taken: [], refused: [] };

/** What `redriveLetters` would do if nobody else had a hand in it and every topic took every size. */
export function redrivable(letters: readonly DeadLetter[], topics: TopicNames): SettledLetters {
  const settled = letters.filter((letter) => sourceOf(letter, topics) !== undefined);
  return { ...nothing, settled, refused: letters.filter((letter) => !settled.includes(letter)) };
}

/**
 * Puts dead letters back to the topics they were rejected from: claim, send, write down. A crash after the claim
 * leaves a letter that is free again when its lease ends; then it may be sent a second time, which changes nothing
 * because records are kept by tenant and id. Two callers never have the same letter in hand at once.
 *
 * @throws DependencyError when Kafka or MongoDB fails; letters not known to be sent are given back
 */
export async function redriveLetters(letters: readonly DeadLetter[], parts: SettlingParts): Promise<SettledLetters> {
  const { settled: sendable, refused: foreign } = redrivable(letters, parts.topics);
  const result = await withClaim(sendable, parts.decisions, async (claim, mine) => {
    if (!claim.isFresh()) return { ...nothing, taken: mine };
    const refused = await sendBack(mine, parts);
    const settled = mine.filter((letter) => !refused.includes(letter));
    await claim.settle(keysOf(settled), 'redriven');
    await claim.release(keysOf(refused));
    return { ...nothing, settled, refused };
  });
  return { ...result, refused: [...foreign, ...result.refused] };
}

/** Marks dead letters as not to be looked at again; their bytes stay in Kafka. Throws DependencyError. */
export function dropLetters(
  letters: readonly DeadLetter[],
  { decisions }: Pick<SettlingParts, 'decisions'>,
): Promise<SettledLetters> {
  return withClaim(letters, decisions, async (claim, mine) => {
    await claim.settle(keysOf(mine), 'dropped');
    return { ...nothing, settled: mine };
  });
}

/** The letters that nobody has decided about, or whose redrive was interrupted. Throws DependencyError. */
export async function openLetters(
  letters: readonly DeadLetter[],
  decisions: DeadLetterDecisions,
): Promise<DeadLetter[]> {
  const decided = await decisions.find(keysOf(letters));
  return letters.filter(({ message }) => decided.get(deadLetterKey(message))?.interrupted ?? true);
}

async function withClaim(
  letters: readonly DeadLetter[],
  decisions: DeadLetterDecisions,
  act: (claim: DeadLetterClaim, mine: readonly DeadLetter[]) => Promise<SettledLetters>,
): Promise<SettledLetters> {
  const claim = await decisions.claim(keysOf(letters));
  const mine = letters.filter(({ message }) => claim.keys.has(deadLetterKey(message)));
  if (mine.length === 0) return { ...nothing, taken: letters };
  try {
    const result = await act(claim, mine);
    return { ...result, taken: [...letters.filter((letter) => !mine.includes(letter)), ...result.taken] };
  } catch (error) {
    // Should this fail too, the end of the lease gives them back.
    await claim.release(keysOf(mine)).catch(() => {});
    throw error;
  }
}

/** Sends letters together, one by one if one of them is too large; returns those that are. */
async function sendBack(letters: readonly DeadLetter[], parts: SettlingParts): Promise<DeadLetter[]> {
  const { producer, topics } = parts;
  const messages = letters.flatMap((letter) => {
    const topic = sourceOf(letter, topics);
    return topic === undefined ? [] : [redrivenMessage(letter.message, topic, letter.redriveCount)];
  });
  try {
    await producer.send(messages);
    return [];
  } catch (error) {
    if (!(error instanceof MessageTooLargeError)) throw error;
    if (letters.length === 1) return [...letters];
    const tooLarge: DeadLetter[] = [];
    for (const letter of letters) tooLarge.push(...(await sendBack([letter], parts)));
    return tooLarge;
  }
}

function sourceOf({ sourceTopic }: DeadLetter, topics: TopicNames): string | undefined {
  return sourceTopic !== undefined && inputTopics(topics).includes(sourceTopic) ? sourceTopic : undefined;
}

function keysOf(letters: readonly DeadLetter[]): string[] {
  return letters.map(({ message }) => deadLetterKey(message));
}
