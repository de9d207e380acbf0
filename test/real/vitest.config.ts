import { defineConfig } from 'vitest/config';

/** Suites on servers that `KOE_TEST_KAFKA` and `KOE_TEST_MONGO` name; `npm run test:real` starts some. */
export default defineConfig({
  test: {
    include: ['test/{contract,integration,e2e,real}/**/*.test.ts'],
    globalSetup: 'test/support/build.ts',
    setupFiles: 'test/real/expect-differences.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
