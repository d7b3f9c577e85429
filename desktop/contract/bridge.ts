// What the app's shell offers to its window besides the line to the engine (engine-port.ts). A browser has none of it: there
// `window.imagebridge` is absent.
import { z } from 'zod';

/** What the shell tells its window to do: chosen in the menu, or a notification that was clicked. */
export const shellCommand = z.discriminatedUnion('type', [
  /** Ask for files and add them. */
  z.object({ type: z.literal('add') }),
  /** Show a screen. */
  z.object({
    type: z.literal('show'),
    screen: z.enum(['queue', 'images', 'activities', 'history', 'profiles', 'settings', 'about']),
  }),
  /** Show a task: its notification was clicked. */
  z.object({ type: z.literal('task'), taskId: z.string() }),
  /** Put the cursor into the search field of the screen, where it has one. */
  z.object({ type: z.literal('find') }),
]);
/** See `shellCommand`. */
export type ShellCommand = z.infer<typeof shellCommand>;

/**
 * The object `window.imagebridge` of the app. Paths are those of this machine; nothing here reads a file's content. What the
 * shell finds wrong with a call is refused by a rejected promise with a plain sentence.
 */
export interface DesktopBridge {
  readonly platform: 'darwin' | 'linux' | 'win32';
  /** Asks for a line to the engine. Use `openEnginePort`, which waits for it. */
  requestEngine(): void;
  /** Paths of files that were dropped or chosen, in their order; those without a path (made by a page) are left out. */
  pathsOf(files: readonly File[]): string[];
  /** The system's dialog for files. Empty when it was dismissed. */
  pickFiles(choose?: 'one' | 'many'): Promise<string[]>;
  /** The system's dialog for where to save; null when it was dismissed. Writes nothing. */
  pickSavePath(fileName: string): Promise<string | null>;
  /** Asks where to, and writes a text file (UTF-8) there. Its path, or null when it was dismissed. */
  saveText(fileName: string, text: string): Promise<string | null>;
  /** Shows a file in the system's file manager. False when it is not there. */
  reveal(path: string): Promise<boolean>;
  /** Tells a listener what the shell asks for; what came before the first listener is told then. Returns what ends it. */
  onMenu(listener: (command: ShellCommand) => void): () => void;
}
