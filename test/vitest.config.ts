// The test projects: `unit` stands beside the code, the others cross packages and live in this folder.
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

const project = (name: string, include: string[], testTimeout: number) => ({
  extends: true as const,
  test: { name, include, testTimeout, hookTimeout: testTimeout },
});

export default defineConfig({
  root,
  // Packages are read from their TypeScript sources, so a test never runs against a stale build.
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    pool: 'forks',
    exclude: [...configDefaults.exclude, '**/dist/**'],
    // Most tests wait more than they compute.
    maxWorkers: '100%',
    reporters: [
      'default',
      fileURLToPath(new URL('./acceptance/table-reporter.ts', import.meta.url)),
      fileURLToPath(new URL('./skipped-reporter.ts', import.meta.url)),
      fileURLToPath(new URL('./e2e/reporter.ts', import.meta.url)),
    ],
    projects: [
      project('unit', ['{shared,provider,desktop}/**/*.test.{ts,tsx}'], 15_000),
      // The constructs once more, on CDKTF's maintained successor, as its users alias it.
      {
        extends: true,
        test: {
          ...project('successor', ['provider/cdktf/**/*.test.ts'], 15_000).test,
          env: { IMAGEBRIDGE_CDKTF: 'cdktn' },
        },
        resolve: { alias: [{ find: /^cdktf$/, replacement: 'cdktn' }] },
      },
      project('conformance', ['test/conformance/**/*.test.ts'], 60_000),
      // What `npm test` runs of the big suites.
      project(
        'slice',
        [
          'test/{acceptance,e2e,faults}/**/slice-*.test.ts',
          'test/acceptance/cdktf-{examples,generated}.test.ts',
        ],
        120_000,
      ),
      project('faults', ['test/faults/**/*.test.ts'], 120_000),
      // Real servers and other people's clients; packages are installed on the way.
      project('peers', ['test/peers/**/*.test.ts', 'test/fuzz/real-*.test.ts'], 180_000),
      // A user's own cloud, named by IMAGEBRIDGE_LIVE_CLOUD.
      project('live', ['test/live/**/*.test.ts'], 600_000),
      {
        extends: true,
        test: {
          ...project('acceptance', ['test/acceptance/**/!(dist-*).test.ts'], 180_000).test,
          env: { IMAGEBRIDGE_APPLY_BOTH: '1' },
        },
      },
      // The window in a real browser; one file at a time, because some measure how smooth it is.
      {
        extends: true,
        test: {
          ...project('e2e', ['test/e2e/**/*.test.ts'], 120_000).test,
          fileParallelism: false,
          env: { IMAGEBRIDGE_INSTALL_CHROMIUM: '1' },
        },
      },
      // Makes a release: too slow for every run, and it downloads Node.
      project('dist', ['test/acceptance/**/dist-*.test.ts'], 600_000),
    ],
  },
});
