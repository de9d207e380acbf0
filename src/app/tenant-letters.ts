import type { TenantLetters } from '../api/api-services.ts';
import type { TopicNames } from '../domain/topics.ts';
import type { KafkaConnection } from '../kafka/connection.ts';
import {
  type DeadLetter,
  type DeadLetterFilter,
  type LetterPlace,
  readDeadLetters,
} from '../kafka/dead-letter-reader.ts';
import type { MessageProducer } from '../kafka/producer.ts';
import { decodeObject } from '../pipeline/decode-object.ts';
import type { Database } from '../store/database.ts';
import { createDeadLetterDecisions, deadLetterKey } from '../store/dead-letters.ts';
import { createMasker, type Masker } from '../text/personal-data/masker.ts';
import { loadPersonNames } from '../text/personal-data/person-names.ts';
import { dropLetters, openLetters, redriveLetters, type SettledLetters } from './settle-dead-letters.ts';
import { shownLetter } from './shown-letter.ts';

/** What dead letters are read from and settled with. */
export interface TenantLetterParts {
  readonly connection: KafkaConnection;
  readonly producer: MessageProducer;
  readonly database: Database;
  readonly topics: TopicNames;
}

/** Letters that one request reads at most: a tenant may have few among many. */
const mostRead = 10_000;

/** Who reads, where reading decides nothing. */
const nobody = { by: 'nobody' };

/**
 * Dead letters as the tenant may see and settle them whose they are. All tenants share the topic; a letter that names
 * none is for operators alone (`koe dlq`).
 */
export function tenantLetters({ connection, producer, database, topics }: TenantLetterParts): TenantLetters {
  const pages = (filter: DeadLetterFilter) => readDeadLetters(connection, topics.deadLetters, filter);
  const decisionsOf = (by: string) => createDeadLetterDecisions(database, { by });
  let masker: Promise<Masker> | undefined;
  // Names of persons take a second to load, which an API that nobody asks for dead letters need not spend.
  const loadMasker = () => {
    masker ??= loadPersonNames().then(createMasker);
    return masker;
  };

  async function find(tenant: string, place: LetterPlace): Promise<DeadLetter | undefined> {
    for await (const [letter] of pages({ places: [place] })) {
      if (letter !== undefined && tenantOfLetter(letter) === tenant) return letter;
    }
    return undefined;
  }

  async function show(letter: DeadLetter) {
    const key = deadLetterKey(letter.message);
    return shownLetter(letter, (await decisionsOf(nobody.by).find([key])).get(key), await loadMasker());
  }

  return {
    list: async (tenant, { limit, all, ...filter }) => {
      const shown = [];
      let read = 0;
      for await (const letters of pages(filter)) {
        const own = letters.filter((letter) => tenantOfLetter(letter) === tenant);
        const decided = await decisionsOf(nobody.by).find(own.map(({ message }) => deadLetterKey(message)));
        for (const letter of letters) {
          read++;
          const decision = decided.get(deadLetterKey(letter.message));
          const isSettled = decision?.status === 'redriven' || decision?.status === 'dropped';
          if (own.includes(letter) && (all || !isSettled))
            shown.push(shownLetter(letter, decision, await loadMasker()));
          if (shown.length === limit || read === mostRead) return { letters: shown, end: placeOf(letter) };
        }
      }
      return { letters: shown };
    },
    find: async (tenant, place) => {
      const letter = await find(tenant, place);
      return letter === undefined ? undefined : await show(letter);
    },
    settle: async (tenant, place, { verb, by }) => {
      const letter = await find(tenant, place);
      if (letter === undefined) return { kind: 'unknown' };
      const decisions = decisionsOf(by);
      const act = verb === 'drop' ? dropLetters : redriveLetters;
      const open = await openLetters([letter], decisions);
      const outcome: SettledLetters = await act(open, { decisions, producer, topics });
      if (outcome.settled.length > 0) return { kind: 'settled', letter: await show(letter) };
      return { kind: outcome.refused.length > 0 ? 'refused' : 'taken' };
    },
  };
}

function placeOf({ message: { partition, offset } }: DeadLetter): LetterPlace {
  return { partition, offset: BigInt(offset) };
}

/** Whose a letter is, by its value as a worker would read it, or by its key where the value does not tell. */
function tenantOfLetter({ message }: DeadLetter): string | undefined {
  const decoded = decodeObject(message, { maxMessageBytes: Number.POSITIVE_INFINITY });
  if (decoded.kind === 'ok' && typeof decoded.value.tenant === 'string') return decoded.value.tenant;
  return /^([^/]{1,64})\//.exec(message.key?.toString() ?? '')?.[1];
}
