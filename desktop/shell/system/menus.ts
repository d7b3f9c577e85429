// What is in the menu bar and in the tray's menu. Pure: Electron makes menus of it.
import type { ShellCommand } from '@imagebridge/desktop-contract';
import type { MenuItemConstructorOptions } from 'electron';
import type { Words } from './words.ts';

/** What menus can do. */
export interface MenuActions {
  /** Shows the window and tells it. */
  tell(command: ShellCommand): void;
  show(): void;
  pauseAll(): void;
  resumeAll(): void;
  checkForUpdates(): void;
  about(): void;
  quit(): void;
}

type Item = MenuItemConstructorOptions;
type Screen = Extract<ShellCommand, { type: 'show' }>['screen'];

const LINE: Item = { type: 'separator' };

/** The menu bar. On macOS it has the menu of the app in front. */
export function menuBar(
  words: Words,
  actions: MenuActions,
  about: { platform: NodeJS.Platform; isDeveloping: boolean },
): Item[] {
  const isMac = about.platform === 'darwin';
  const screen = (label: string, name: Screen, accelerator: string): Item => ({
    label,
    accelerator,
    click: () => actions.tell({ type: 'show', screen: name }),
  });
  const settings = screen(words.settings, 'settings', 'CmdOrCtrl+,');
  const updates: Item = { label: words.checkForUpdates, click: () => actions.checkForUpdates() };
  const aboutItem: Item = { label: words.about, click: () => actions.about() };
  const quit: Item = { label: words.quit, accelerator: 'CmdOrCtrl+Q', click: () => actions.quit() };

  const app: Item = {
    label: words.app,
    submenu: [
      aboutItem,
      updates,
      LINE,
      settings,
      LINE,
      { role: 'services', label: words.services },
      LINE,
      { role: 'hide', label: words.hide },
      { role: 'hideOthers', label: words.hideOthers },
      { role: 'unhide', label: words.showAll },
      LINE,
      quit,
    ],
  };
  const file: Item = {
    label: words.file,
    submenu: [
      { label: words.addFiles, accelerator: 'CmdOrCtrl+O', click: () => actions.tell({ type: 'add' }) },
      LINE,
      ...(isMac ? [] : [settings, LINE]),
      { role: 'close', label: words.closeWindow },
      ...(isMac ? [] : [quit]),
    ],
  };
  const edit: Item = {
    label: words.edit,
    submenu: [
      { role: 'undo', label: words.undo },
      { role: 'redo', label: words.redo },
      LINE,
      { role: 'cut', label: words.cut },
      { role: 'copy', label: words.copy },
      { role: 'paste', label: words.paste },
      { role: 'selectAll', label: words.selectAll },
      LINE,
      { label: words.find, accelerator: 'CmdOrCtrl+F', click: () => actions.tell({ type: 'find' }) },
    ],
  };
  const view: Item = {
    label: words.view,
    submenu: [
      screen(words.queue, 'queue', 'CmdOrCtrl+1'),
      screen(words.images, 'images', 'CmdOrCtrl+2'),
      screen(words.activities, 'activities', 'CmdOrCtrl+3'),
      screen(words.history, 'history', 'CmdOrCtrl+4'),
      screen(words.profiles, 'profiles', 'CmdOrCtrl+5'),
      LINE,
      { role: 'zoomIn', label: words.zoomIn },
      { role: 'zoomOut', label: words.zoomOut },
      { role: 'resetZoom', label: words.actualSize },
      { role: 'togglefullscreen', label: words.fullScreen },
      ...(about.isDeveloping ? [LINE, { role: 'toggleDevTools', label: words.developerTools } as const] : []),
    ],
  };
  const transfers: Item = {
    label: words.transfers,
    submenu: [
      { label: words.pauseAll, accelerator: 'CmdOrCtrl+Shift+P', click: () => actions.pauseAll() },
      { label: words.resumeAll, accelerator: 'CmdOrCtrl+Shift+R', click: () => actions.resumeAll() },
    ],
  };
  const window: Item = {
    role: 'window',
    label: words.window,
    submenu: [
      { role: 'minimize', label: words.minimize },
      ...(isMac
        ? [
            { role: 'zoom', label: words.zoomWindow } as const,
            LINE,
            { role: 'front', label: words.bringAllToFront } as const,
          ]
        : []),
    ],
  };
  const help: Item = {
    role: 'help',
    label: words.help,
    submenu: [
      { label: words.diagnostics, click: () => actions.tell({ type: 'show', screen: 'about' }) },
      ...(isMac ? [] : [updates, LINE, aboutItem]),
    ],
  };
  return [...(isMac ? [app] : []), file, edit, view, transfers, window, help];
}

/**
 * The menu of the tray's symbol.
 * @param state one line about what is going on
 */
export function trayMenu(words: Words, actions: MenuActions, state: string): Item[] {
  return [
    { label: state, enabled: false },
    LINE,
    { label: words.show, click: () => actions.show() },
    { label: words.pauseAll, click: () => actions.pauseAll() },
    { label: words.resumeAll, click: () => actions.resumeAll() },
    LINE,
    { label: words.quit, click: () => actions.quit() },
  ];
}
