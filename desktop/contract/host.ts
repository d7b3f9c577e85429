// What the engine and its host (the shell of the app) say to each other. Not for the window.
import { z } from 'zod';

/** Host to engine. */
export const hostCommand = z.discriminatedUnion('type', [
  /** The system goes to sleep, or has woken up: connections are dropped, parts listed again. */
  z.object({ type: z.literal('suspend') }),
  z.object({ type: z.literal('resume') }),
  z.object({ type: z.literal('network'), online: z.boolean() }),
  /** Paths from the command line, or from a second instance. */
  z.object({ type: z.literal('open'), paths: z.array(z.string()).max(10_000) }),
  /** Pause everything safely; answered by `stopped`. */
  z.object({ type: z.literal('stop') }),
  /** The answer to `resolve-proxy`: a URL, or null for a direct connection. */
  z.object({ type: z.literal('proxy'), id: z.number(), proxy: z.string().nullable() }),
]);
/** See `hostCommand`. */
export type HostCommand = z.infer<typeof hostCommand>;

/** Engine to host. */
export const hostReport = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** The engine cannot start (another one has its folder, the disk is full): a sentence for the user. The process then ends. */
  z.object({ type: z.literal('failed'), message: z.string() }),
  /** For the taskbar, the tray and the power save blocker. `fraction` is absent where it is not known. */
  z.object({
    type: z.literal('busy'),
    uploading: z.number(),
    attention: z.number(),
    fraction: z.number().optional(),
  }),
  /** For a notification of the system; the texts are in the language of the settings. */
  z.object({ type: z.literal('notify'), title: z.string(), body: z.string(), taskId: z.string().optional() }),
  z.object({ type: z.literal('resolve-proxy'), id: z.number(), url: z.string() }),
  /** Everything is paused. The process then ends by itself. */
  z.object({ type: z.literal('stopped') }),
]);
/** See `hostReport`. */
export type HostReport = z.infer<typeof hostReport>;

/**
 * What the shell posts to the engine's process (`utilityProcess.fork('engine/dist/process.js')`), each with one port. `start`
 * comes first; its port carries HostCommand in and HostReport out, and the engine reports `ready` on it. Each window then gets
 * a port of its own, which carries the contract as plain objects; it may come before `ready`. When the port of `start` closes,
 * the engine pauses everything and exits.
 */
export const processMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    /** The system's language, e.g. `zh-CN`: for notifications while the setting is `system`. */
    locale: z.string().max(50),
    /** Folder of the engine's own files. Default: in the state directory. */
    dataDir: z.string().optional(),
  }),
  z.object({ type: z.literal('window') }),
]);
/** See `processMessage`. */
export type ProcessMessage = z.infer<typeof processMessage>;
