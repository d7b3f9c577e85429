// Runs beside the window's page, in a sandbox, and gives it `window.imagebridge`. Everything is checked again by the shell.
import type { DesktopBridge, ShellCommand } from '@imagebridge/desktop-contract';
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { ENGINE_PORT_MESSAGE } from '../contract/engine-port.ts';
import { CHANNELS } from './page/channels.ts';

/** What the shell answers: refusals are sentences, and become errors here, without Electron's words around them. */
type Answer = { result: unknown } | { refused: string };

async function ask<T>(channel: string, ...args: unknown[]): Promise<T> {
  const answer: Answer = await ipcRenderer.invoke(channel, ...args);
  if ('refused' in answer) throw new Error(answer.refused);
  return answer.result as T; // The shell is ours, of the same build.
}

const listeners = new Set<(command: ShellCommand) => void>();
const early: ShellCommand[] = [];

ipcRenderer.on(CHANNELS.menu, (_event, command: ShellCommand) => {
  if (listeners.size === 0) early.push(command);
  for (const listener of listeners) listener(command);
});

// Ports cannot pass through the bridge. No other window hears this: the page has no frames, and it is posted to itself.
ipcRenderer.on(CHANNELS.port, (event) => window.postMessage(ENGINE_PORT_MESSAGE, '*', event.ports));

const bridge: DesktopBridge = {
  platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
  requestEngine: () => ipcRenderer.send(CHANNELS.engine),
  pathsOf: (files) =>
    Array.from(files, (file) => webUtils.getPathForFile(file)).filter((path) => path !== ''),
  pickFiles: (choose = 'many') => ask(CHANNELS.pickFiles, choose),
  pickSavePath: (fileName) => ask(CHANNELS.pickSavePath, fileName),
  saveText: (fileName, text) => ask(CHANNELS.saveText, fileName, text),
  reveal: (path) => ask(CHANNELS.reveal, path),
  onMenu(listener) {
    listeners.add(listener);
    for (const command of early.splice(0)) listener(command);
    return () => listeners.delete(listener);
  },
};

contextBridge.exposeInMainWorld('imagebridge', bridge);
