// Adding files: drops, dialogs and the picker, from anywhere in the window.
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useToast } from '../../kit/index.ts';
import { useConnection } from '../../state/connection.tsx';
import { problemOf, useAbout } from '../../state/hooks.ts';
import { navigate } from '../../state/route.ts';
import { bridge } from '../../state/transport.ts';
import { AddingNote } from './adding-note.tsx';
import { DropOverlay, useFileDrop } from './drop.tsx';
import { NoDropDialog } from './no-drop.tsx';
import { Picker } from './picker.tsx';
import { type Refused, RefusedDialog } from './refused.tsx';
import './add.css';

/** How files are added. */
export interface Add {
  /** Asks for files: the system's dialog in the app, the engine's picker in a browser. */
  pick(): void;
  /** Adds files of the engine's machine. */
  addPaths(paths: readonly string[]): Promise<void>;
  /** Asks for one file of the engine's machine, and only tells its path. Undefined when it was dismissed. */
  pickPath(): Promise<string | undefined>;
}

const Context = createContext<Add>({
  pick: () => {},
  addPaths: async () => {},
  pickPath: async () => undefined,
});

/** How files are added here. */
export const useAdd = (): Add => useContext(Context);

/** Files of one call to the engine: each call is answered soon, also when thousands are dropped. */
const BATCH = 500;

/** What the picker is open for. */
type Picking = { for: 'add' } | { for: 'path'; tell: (path: string | undefined) => void };

/** Takes drops on the whole window, and shows the picker. */
export function AddProvider({ children }: { children: ReactNode }): ReactNode {
  const { t } = useTranslation('add');
  const { client } = useConnection();
  const { platform } = useAbout();
  const toast = useToast();
  const [picking, setPicking] = useState<Picking>();
  const [refused, setRefused] = useState<{ files: readonly Refused[]; added: number }>({
    files: [],
    added: 0,
  });
  const [progress, setProgress] = useState<{ done: number; of: number }>();
  const [wasDropped, setDropped] = useState(false);
  const latestToast = useRef(toast);
  latestToast.current = toast;

  const addPaths = useCallback(
    async (given: readonly string[]) => {
      const paths = [...new Set(given)];
      const added: string[] = [];
      const notAdded: Refused[] = [];
      for (let i = 0; i < paths.length; i += BATCH) {
        if (paths.length > BATCH) setProgress({ done: i, of: paths.length });
        const batch = paths.slice(i, i + BATCH);
        try {
          const reply = await client.call('tasks.add', { paths: batch });
          added.push(...reply.added);
          notAdded.push(...reply.refused);
        } catch (thrown) {
          const problem = problemOf(thrown);
          notAdded.push(...batch.map((path) => ({ path, problem })));
          if (problem.kind === 'lost') break;
        }
      }
      setProgress(undefined);
      setRefused({ files: notAdded, added: added.length });
      const [only] = added;
      if (added.length === 1 && only !== undefined) navigate('queue', { task: only });
      else if (added.length > 1) {
        navigate('queue');
        latestToast.current({ title: t('added', { count: added.length }) });
      }
    },
    [client, t],
  );

  const pickInApp = useCallback(
    async (choose: 'one' | 'many'): Promise<string[]> => {
      try {
        return (await bridge()?.pickFiles(choose)) ?? [];
      } catch (thrown) {
        latestToast.current({ title: t('dialogFailed'), body: problemOf(thrown).message, urgent: true });
        return [];
      }
    },
    [t],
  );

  const add = useMemo<Add>(
    () => ({
      pick: () => {
        if (bridge() === undefined) setPicking({ for: 'add' });
        else void pickInApp('many').then((paths) => (paths.length > 0 ? addPaths(paths) : undefined));
      },
      addPaths,
      pickPath: async () => {
        if (bridge() !== undefined) return (await pickInApp('one'))[0];
        return new Promise((tell) => setPicking({ for: 'path', tell }));
      },
    }),
    [addPaths, pickInApp],
  );

  const drop = useCallback(
    (files: readonly File[]) => {
      const shell = bridge();
      if (shell === undefined) return setDropped(true);
      const paths = shell.pathsOf(files);
      if (paths.length > 0) void addPaths(paths);
      else latestToast.current({ title: t('noPath'), body: t('noPathHint'), urgent: true });
    },
    [addPaths, t],
  );
  const isOver = useFileDrop(drop);

  const closePicker = (paths: readonly string[]) => {
    setPicking(undefined);
    if (picking?.for === 'path') picking.tell(paths[0]);
    else if (paths.length > 0) void addPaths(paths);
  };

  return (
    <Context.Provider value={add}>
      {children}
      {isOver ? <DropOverlay hasPaths={bridge() !== undefined} /> : null}
      {progress ? <AddingNote {...progress} /> : null}
      {picking ? <Picker choose={picking.for === 'add' ? 'many' : 'one'} onClose={closePicker} /> : null}
      <NoDropDialog
        open={wasDropped}
        platform={platform}
        onClose={() => setDropped(false)}
        onPick={() => {
          setDropped(false);
          add.pick();
        }}
      />
      <RefusedDialog
        refused={refused.files}
        added={refused.added}
        onClose={() => setRefused({ files: [], added: 0 })}
      />
    </Context.Provider>
  );
}
