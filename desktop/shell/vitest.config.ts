// Tests of the shell: the pure ones, and those of what puts it together, with a made-up Electron.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  root: here('.'),
  resolve: { conditions: ['source'], alias: { electron: here('testing/fake-electron.ts') } },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    pool: 'forks',
    // Not *.test.ts: the root's tests run those, and have no made-up Electron.
    include: ['**/*.test.ts', 'app/*.wiring.ts'],
    testTimeout: 15_000,
  },
});
