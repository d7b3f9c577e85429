// The one window: made safe, placed where it was, shown when it has something to show, brought back when it crashes.
import { join } from 'node:path';
import type { ShellCommand } from '@imagebridge/desktop-contract';
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import { APP_PAGE } from '../page/app-files.ts';
import { CHANNELS } from '../page/channels.ts';
import {
  placeFor,
  readWindowState,
  SMALLEST,
  type WindowState,
  writeWindowState,
} from '../page/window-state.ts';
import type { Words } from '../system/words.ts';
import { built } from './places.ts';

/** `--bg` of the window's themes: what is seen before its styles are there. */
const BACKGROUND = { light: '#f4f6f9', dark: '#11151b' };
/** More crashes than this within a minute are not met by yet another reload. */
const MAX_CRASHES = 3;
const CRASH_WINDOW_MS = 60_000;

/** What the window needs to know. */
export interface MainWindowOptions {
  words: () => Words;
  /** The user wants to close it. True: it may go; false: it stays, or has been hidden. */
  mayClose: () => boolean;
  onFocus: () => void;
  /** Windows: the user signs out, or the machine goes down. Nobody can be asked any more. */
  onSessionEnd: () => void;
}

/** The window, made when it is first shown. */
export class MainWindow {
  readonly #options: MainWindowOptions;
  readonly #path = join(app.getPath('userData'), 'window.json');
  #window: BrowserWindow | undefined;
  #theme: WindowState['theme'];
  #crashes: number[] = [];
  #loads = 0;

  constructor(options: MainWindowOptions) {
    this.#options = options;
    this.#theme = readWindowState(this.#path)?.theme ?? 'system';
    nativeTheme.themeSource = this.#theme;
    nativeTheme.on('updated', () => this.#window?.setBackgroundColor(background()));
  }

  /** The window where there is one. */
  get window(): BrowserWindow | undefined {
    return this.#window;
  }

  /** True when the user looks at it. */
  get isWatched(): boolean {
    return this.#window?.isVisible() === true && this.#window.isFocused();
  }

  /** Shows it in front. */
  show(): void {
    const window = this.#window;
    if (window === undefined) this.#open();
    else {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    }
  }

  hide(): void {
    this.#window?.hide();
  }

  /** Shows it, and tells its page something. The page hears it once it listens. */
  tell(command: ShellCommand): void {
    this.show();
    const contents = this.#window?.webContents;
    if (contents?.isLoadingMainFrame())
      contents.once('did-finish-load', () => contents.send(CHANNELS.menu, command));
    else contents?.send(CHANNELS.menu, command);
  }

  /** Follows the setting; `system` follows the system. */
  setTheme(theme: WindowState['theme']): void {
    if (theme === this.#theme) return;
    this.#theme = theme;
    nativeTheme.themeSource = theme;
    this.#remember();
  }

  #open(): void {
    const state = readWindowState(this.#path);
    const main = screen.getPrimaryDisplay();
    const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
    const place = placeFor(
      state,
      [main, ...others].map(({ workArea }) => workArea),
    );
    const window = new BrowserWindow({
      ...place,
      minWidth: SMALLEST.width,
      minHeight: SMALLEST.height,
      show: false,
      title: this.#options.words().app,
      backgroundColor: background(),
      autoHideMenuBar: true,
      ...(process.platform === 'linux' ? { icon: built('icons', '256.png') } : {}),
      webPreferences: {
        preload: built('preload.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        webviewTag: false,
        spellcheck: false,
        navigateOnDragDrop: false,
        devTools: !app.isPackaged,
      },
    });
    this.#window = window;
    if (state?.isMaximized) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('focus', () => this.#options.onFocus());
    window.on('session-end', () => this.#options.onSessionEnd());
    const remember = () => this.#remember();
    window.on('resized', remember);
    window.on('moved', remember);
    window.on('maximize', remember);
    window.on('unmaximize', remember);
    window.on('hide', remember);
    window.on('close', (event) => {
      this.#remember();
      if (!this.#options.mayClose()) event.preventDefault();
    });
    window.on('closed', () => {
      this.#window = undefined;
    });
    // The page's title is the product's; file names in it would be hostile text in the window list.
    window.on('page-title-updated', (event) => event.preventDefault());
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') this.#crashed(window);
    });
    this.#load(window);
  }

  #load(window: BrowserWindow): void {
    const load = ++this.#loads;
    window.loadURL(APP_PAGE).catch(() => {
      // One that was given up for the next has not failed.
      if (load === this.#loads) this.#crashed(window);
    });
  }

  /** Loads the page again; when that does not help, it asks. */
  #crashed(window: BrowserWindow): void {
    if (window.isDestroyed()) return;
    // What was being loaded is over, and is not told a second time.
    this.#loads++;
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < CRASH_WINDOW_MS), now];
    if (this.#crashes.length <= MAX_CRASHES) {
      this.#load(window);
      return;
    }
    const words = this.#options.words();
    const buttons = [words.reload, words.quitNow];
    const detail = words.windowText;
    const question = { type: 'error' as const, message: words.windowTitle, detail, buttons, noLink: true };
    void dialog.showMessageBox(question).then(({ response }) => {
      if (response === 1) {
        app.quit();
        return;
      }
      this.#crashes = [];
      if (!window.isDestroyed()) this.#load(window);
    });
  }

  #remember(): void {
    const window = this.#window;
    if (window === undefined || window.isDestroyed()) return;
    writeWindowState(this.#path, {
      place: window.getNormalBounds(),
      isMaximized: window.isMaximized(),
      theme: this.#theme,
    });
  }
}

const background = (): string => (nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light);
