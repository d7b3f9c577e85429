// First code of the engine's process: the trust of the system, then the engine itself, which lies beside this file.
import { trustSystemRoots } from './engine/system-roots.ts';

trustSystemRoots();
const engine = new URL('./engine/process.js', import.meta.url).href;
await import(engine);
