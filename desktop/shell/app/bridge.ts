// The shell's side of `window.imagebridge`: each message is checked for who sent it and for its shape.
import { stat, writeFile } from 'node:fs/promises';
import {
  type BrowserWindow,
  dialog,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  shell,
} from 'electron';
import type { z } from 'zod';
import type { EngineProcess } from '../engine/engine-process.ts';
import { isOurPage } from '../page/app-files.ts';
import { CHANNELS } from '../page/channels.ts';
import { REQUESTS } from '../page/requests.ts';
import type { Words } from '../system/words.ts';

/** Endings that the dialog offers first; everything can be chosen. */
const IMAGE_ENDINGS = [
  ...['iso', 'img', 'raw', 'qcow2', 'qcow', 'vmdk', 'vhd', 'vhdx', 'vdi', 'qed', 'ova'],
  ...['gz', 'xz', 'bz2', 'zst', 'zip'],
];

type Channel = keyof typeof REQUESTS;
type Args<C extends Channel> = z.output<(typeof REQUESTS)[C]>;

/** Serves the window. */
export function serveBridge(
  window: () => BrowserWindow | undefined,
  engine: EngineProcess,
  words: () => Words,
): void {
  /** Our window's page itself: no frame in it, no other page. */
  const isOurs = ({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean =>
    sender === window()?.webContents &&
    senderFrame !== null &&
    senderFrame.parent === null &&
    isOurPage(senderFrame.url);

  function answer<C extends Channel>(
    channel: C,
    run: (window: BrowserWindow, args: Args<C>) => unknown,
  ): void {
    ipcMain.handle(channel, async (event, ...args: unknown[]) => {
      const here = window();
      if (here === undefined || !isOurs(event))
        return { refused: 'Only the window of the app may ask this.' };
      const parsed = REQUESTS[channel].safeParse(args);
      if (!parsed.success) return { refused: 'The question has a wrong shape.' };
      try {
        return { result: await run(here, parsed.data as Args<C>) }; // Parsed by the schema of this very channel.
      } catch (thrown) {
        return { refused: thrown instanceof Error ? thrown.message : String(thrown) };
      }
    });
  }

  ipcMain.on(CHANNELS.engine, (event) => {
    if (!isOurs(event)) return;
    const { sender } = event;
    engine.connect('window', (port) => {
      if (sender.isDestroyed()) port.close();
      else sender.postMessage(CHANNELS.port, null, [port]);
    });
  });
  answer(CHANNELS.pickFiles, async (here, [choose]) => {
    const { filePaths } = await dialog.showOpenDialog(here, {
      properties: choose === 'one' ? ['openFile'] : ['openFile', 'multiSelections'],
      filters: [
        { name: words().diskImages, extensions: IMAGE_ENDINGS },
        { name: words().allFiles, extensions: ['*'] },
      ],
    });
    return filePaths;
  });
  answer(CHANNELS.pickSavePath, (here, [name]) => askWhere(here, name));
  answer(CHANNELS.saveText, async (here, [name, text]) => {
    const path = await askWhere(here, name);
    if (path !== null) await writeFile(path, text, 'utf8');
    return path;
  });
  answer(CHANNELS.reveal, async (_here, [path]) => {
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (isThere) shell.showItemInFolder(path);
    return isThere;
  });
}

async function askWhere(window: BrowserWindow, name: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: name });
  return canceled || filePath === '' ? null : filePath;
}
