// The engine for those who host it: the web variant, the app's process, tests.
export { type Engine, type StartEngineOptions, startEngine } from './engine.ts';
export { EngineRunningError } from './process/lock.ts';
export { VERSION } from './version.ts';
