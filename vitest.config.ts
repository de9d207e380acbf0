import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 30_000, hookTimeout: 60_000, pool: 'forks' as const };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'source',
          include: ['test/{unit,contract,integration,quality,architecture}/**/*.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'processes',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/support/build.ts',
          testTimeout: 180_000,
        },
      },
    ],
  },
});
