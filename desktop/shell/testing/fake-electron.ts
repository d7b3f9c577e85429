// Stands in for the module `electron` in tests of what puts the shell together (vitest.config.ts): it does nothing, remembers
// what it was told, and lets a test play the system, the window and the user.
import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { FakeChild, FakePort } from './fake-ports.ts';

type Call = readonly [name: string, ...args: unknown[]];

/** Everything that was called, in order. */
export const calls: Call[] = [];
/** Notes a call. */
const note =
  (name: string) =>
  (...args: unknown[]): void => {
    calls.push([name, ...args]);
  };
/** Arguments of the calls of one name. */
export const callsOf = (name: string): readonly (readonly unknown[])[] =>
  calls.filter(([one]) => one === name).map(([, ...args]) => args);

/** Buttons that the user will press, in order. Without one the last button, which is that of closing a dialog. */
export const answers: number[] = [];
/** What the tests change. */
export const system = { userData: tmpdir(), isOnline: true, proxy: 'DIRECT', files: [] as string[] };
/** Processes of the engine. */
export const children: (FakeChild & EventEmitter & { stderr: EventEmitter })[] = [];
/** Windows. */
export const windows: BrowserWindow[] = [];
/** Notifications. */
export const notifications: Notification[] = [];

class App extends EventEmitter {
  isPackaged = true;
  quits = 0;
  whenReady = () => Promise.resolve();
  getPath = () => system.userData;
  getLocale = () => 'en';
  getPreferredSystemLanguages = () => ['en-GB'];
  getVersion = () => '1.0.0';
  setAboutPanelOptions = note('setAboutPanelOptions');
  showAboutPanel = note('showAboutPanel');
  setBadgeCount = note('setBadgeCount');
  name = 'ImageBridge';
  relaunch = note('relaunch');
  exit = note('exit');
  /** True when it would have ended. */
  hasEnded = false;
  quit(): void {
    this.quits++;
    let isPrevented = false;
    this.emit('before-quit', { preventDefault: () => (isPrevented = true) });
    if (isPrevented) return;
    for (const window of windows) if (!window.close()) return;
    this.emit('will-quit');
    this.hasEnded = true;
  }
}
export const app = new App();

export class WebContents extends EventEmitter {
  mainFrame: { url: string; parent: unknown } = { url: 'app://imagebridge/index.html', parent: null };
  openHandler: (() => unknown) | undefined;
  isDestroyed = () => false;
  isLoadingMainFrame = () => false;
  getURL = () => this.mainFrame.url;
  send = note('send');
  postMessage = note('postMessage');
  setWindowOpenHandler(handler: () => unknown): void {
    this.openHandler = handler;
  }
}

export class BrowserWindow extends EventEmitter {
  readonly options: { webPreferences: Record<string, unknown> } & Record<string, unknown>;
  readonly webContents = new WebContents();
  isShown = false;
  isGone = false;
  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  /** The load under way fails. */
  failLoading = () => {};
  /** Never done: what a page does then is not told here. As Electron does, it fails when another one begins. */
  loadURL(url: string): Promise<void> {
    calls.push(['loadURL', url]);
    this.failLoading();
    return new Promise((_, reject) => {
      this.failLoading = () => reject(new Error('ERR_ABORTED'));
    });
  }
  show(): void {
    this.isShown = true;
  }
  hide(): void {
    this.isShown = false;
    this.emit('hide');
  }
  /** The user closes it. False when it stays. */
  close(): boolean {
    let isPrevented = false;
    this.emit('close', { preventDefault: () => (isPrevented = true) });
    if (isPrevented) return false;
    this.isGone = true;
    this.emit('closed');
    return true;
  }
  isVisible = () => this.isShown;
  isFocused = () => this.isShown;
  isMinimized = () => false;
  isMaximized = () => false;
  isDestroyed = () => this.isGone;
  getNormalBounds = () => ({ x: 10, y: 20, width: 1000, height: 700 });
  focus = note('focus');
  maximize = note('maximize');
  restore = note('restore');
  setTitle = note('setTitle');
  setBackgroundColor = note('setBackgroundColor');
  setProgressBar = note('setProgressBar');
  setOverlayIcon = note('setOverlayIcon');
}

class Session extends EventEmitter {
  request: ((contents: WebContents, permission: string, grant: (is: boolean) => void) => void) | undefined;
  check: ((contents: unknown, permission: string, origin: string) => boolean) | undefined;
  blocked: string[] = [];
  setPermissionRequestHandler(handler: NonNullable<Session['request']>): void {
    this.request = handler;
  }
  setPermissionCheckHandler(handler: NonNullable<Session['check']>): void {
    this.check = handler;
  }
  setDevicePermissionHandler = note('setDevicePermissionHandler');
  setSpellCheckerEnabled = note('setSpellCheckerEnabled');
  webRequest = {
    onBeforeRequest: ({ urls }: { urls: string[] }) => {
      this.blocked = urls;
    },
  };
  resolveProxy = () => Promise.resolve(system.proxy);
}
export const session = { defaultSession: new Session() };

const ask = (...args: unknown[]): Promise<{ response: number }> => {
  const options = args.at(-1) as { message: string; buttons: string[] };
  calls.push(['ask', options.message]);
  return Promise.resolve({ response: answers.shift() ?? options.buttons.length - 1 });
};
export const dialog = {
  showMessageBox: ask,
  showErrorBox: note('showErrorBox'),
  showOpenDialog: () => Promise.resolve({ filePaths: system.files }),
  showSaveDialog: () =>
    Promise.resolve({ canceled: system.files.length === 0, filePath: system.files[0] ?? '' }),
  showSaveDialogSync: () => system.files[0] ?? '',
};

type Handler = (event: unknown, ...args: unknown[]) => unknown;
class IpcMain extends EventEmitter {
  readonly handlers = new Map<string, Handler>();
  handle(channel: string, handler: Handler): void {
    this.handlers.set(channel, handler);
  }
}
export const ipcMain = new IpcMain();

export const utilityProcess = {
  fork(): EventEmitter {
    const child = Object.assign(new EventEmitter(), new FakeChild());
    const fake = Object.assign(child, {
      stdout: new EventEmitter() as EventEmitter & { resume?: () => void },
      stderr: new EventEmitter(),
      postMessage: FakeChild.prototype.postMessage,
      report: FakeChild.prototype.report,
      onExit: FakeChild.prototype.onExit,
      kill: () => true,
    });
    fake.stdout.resume = () => {};
    children.push(fake as unknown as (typeof children)[number]);
    return fake;
  },
};

export class MessageChannelMain {
  readonly port1 = new FakePort();
  readonly port2 = new FakePort();
  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

export class Notification extends EventEmitter {
  static isSupported = () => true;
  readonly options: { title: string; body: string };
  constructor(options: Notification['options']) {
    super();
    this.options = options;
    notifications.push(this);
  }
  show(): void {}
}

export class Tray extends EventEmitter {
  setToolTip = note('setToolTip');
  setContextMenu = note('setContextMenu');
  destroy = note('tray.destroy');
}

export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: note('setApplicationMenu'),
};
export const nativeImage = { createFromPath: (path: string) => path };
export const nativeTheme = Object.assign(new EventEmitter(), {
  themeSource: 'system',
  shouldUseDarkColors: false,
});
export const net = { isOnline: () => system.isOnline };
export const powerMonitor = new EventEmitter();
export const powerSaveBlocker = {
  start: (kind: string) => calls.push(['block', kind]),
  stop: note('unblock'),
};
export const protocol = { handle: note('protocol.handle') };
const display = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1080 } };
export const screen = { getPrimaryDisplay: () => display, getAllDisplays: () => [display] };
export const shell = { showItemInFolder: note('showItemInFolder') };
