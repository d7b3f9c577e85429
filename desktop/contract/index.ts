// The contract between the engine and the window: what they may say to each other, validated at run time on both sides.
// Runs in Node and in a browser; imports zod only.

/**
 * @example
 * ```ts
 * // The window:
 * const engine = connectEngine(transport);
 * engine.subscribe((event) => store.apply(event));
 * const { tasks } = await engine.call('app.hello', { contract: CONTRACT_VERSION });
 * await engine.call('tasks.pause', { ids: [tasks[0].id] });
 *
 * // The engine:
 * const session = serveContract(transport, handlers, { onBadMessage: (why) => log.warn(why) });
 * session.emit({ type: 'tasks', upserted: [task], removed: [] });
 * ```
 *
 * @packageDocumentation
 */
export { type DesktopBridge, type ShellCommand, shellCommand } from './bridge.ts';
export { connectEngine, type EngineClient, EngineError } from './client.ts';
export { ENGINE_PORT_MESSAGE, openEnginePort } from './engine-port.ts';
export { CONTRACT_VERSION } from './envelope.ts';
export { type EngineEvent, engineEvent } from './events.ts';
export {
  type HostCommand,
  type HostReport,
  hostCommand,
  hostReport,
  type ProcessMessage,
  processMessage,
} from './host.ts';
export { Line, type Port, portLine } from './line.ts';
export { transportPair } from './memory-transport.ts';
export { type ActivityMethod, METHODS, type MethodName, type Params, type Result } from './methods.ts';
export { PAGE_TYPES, pageHeaders } from './page.ts';
export { PROFILE_FORMS, type ProfileField, SIGN_IN_WAYS } from './profile-forms.ts';
export { type Handlers, type Session, serveContract } from './server.ts';
export type { Transport } from './transport.ts';
export * from './views/index.ts';
