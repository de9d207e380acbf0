/** A test that a server does not pass, for a reason that koe can live with. */
export interface KnownDifference {
  /** First part of the server's name, such as `kafka-3.9` or `secantus`. */
  readonly server: string;
  readonly file: string;
  /** Names of the describes and of the test, joined by ` > `. */
  readonly test: string;
  readonly reason: string;
}

/** What is known of the servers that `npm run test:real` starts. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    server: 'secantus',
    file: 'test/contract/mongo/crud.test.ts',
    test: 'documents > are projected by expressions',
    reason: 'paths in expressions of a projection do not reach into arrays; koe projects plain fields only',
  },
  {
    server: 'secantus',
    file: 'test/contract/mongo/crud.test.ts',
    test: 'documents > are refused when nested too deep',
    reason: "it has no limit to nesting; the depth of koe's documents is fixed by their schema",
  },
  {
    server: 'secantus',
    file: 'test/contract/mongo/crud.test.ts',
    test: 'documents > are refused when too large',
    reason: 'it refuses with 10334 instead of 17419; koe treats both alike',
  },
  {
    server: 'secantus',
    file: 'test/contract/mongo/crud.test.ts',
    test: 'writes > leave nothing behind when the answer of a find and modify cannot be made',
    reason: 'the change stays although its answer fails; koe asks for no computed answers',
  },
  {
    server: 'secantus',
    file: 'test/contract/mongo/crud.test.ts',
    test: 'validators > name the reasons of a refusal',
    reason: 'it names fewer details; koe reads the code of a refusal only',
  },
  {
    server: 'secantus',
    file: 'test/contract/mongo/indexes.test.ts',
    test: 'indexes > of a part of the documents answer what is in that part',
    reason: 'it never uses a partial index; answers are the same, slower',
  },
  {
    server: 'secantus',
    file: 'test/contract/mongo/indexes.test.ts',
    test: 'indexes > sort without reading more than they give',
    reason: 'it sorts what an index has found instead of reading the index in order; answers are the same, slower',
  },
  {
    server: 'secantus',
    file: 'test/integration/store/questions.test.ts',
    test: 'no question scans a collection',
    reason: 'it uses an index only where all conditions are on its fields; answers are the same, slower',
  },
  {
    server: 'secantus',
    file: 'test/contract/mongo/change-streams.test.ts',
    test: 'a change stream > refuses stages that need all documents',
    reason: "it takes every stage; koe's streams only match and project",
  },
];

/** The known differences of some servers, whose names are separated by blanks. */
export function differencesOf(servers: string): readonly KnownDifference[] {
  const names = servers.split(' ');
  return knownDifferences.filter(({ server }) => names.some((name) => name.startsWith(server)));
}
