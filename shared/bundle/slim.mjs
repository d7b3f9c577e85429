// What bundles of the core and of the contract leave out: a plugin of esbuild.
import { fileURLToPath } from 'node:url';

/** Leaves out what nobody uses: zod's error messages in other languages; undici's fetch, mocks and caches. */
export const slim = {
  name: 'slim',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
    build.onResolve({ filter: /^undici$/ }, () => ({
      path: fileURLToPath(new URL('undici.cjs', import.meta.url)),
    }));
  },
};
