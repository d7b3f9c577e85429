// Looks for updates where the user has named a feed, and asks before each step: nothing is downloaded or installed by itself.
import { app, type BrowserWindow, dialog } from 'electron';
import type { AppUpdater } from 'electron-updater';
import type { Words } from '../system/words.ts';
import { FIRST_LOOK_MS, feedUrl, LOOK_EVERY_MS, Questions } from '../updates/feed.ts';

/** What it needs. */
export interface UpdatesOptions {
  words: () => Words;
  window: () => BrowserWindow | undefined;
  /** Pauses everything, so that the program can be replaced. */
  stopSafely: () => Promise<void>;
}

/** Updates. Off until `follow` names a feed. */
export class Updates {
  readonly #options: UpdatesOptions;
  readonly #questions = new Questions();
  #feed: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #updater: Promise<AppUpdater> | undefined;
  #isLooking = false;

  constructor(options: UpdatesOptions) {
    this.#options = options;
  }

  /** Follows the setting: `https:` switches updates on, everything else off. */
  follow(setting: string): void {
    const feed = feedUrl(setting);
    if (feed === this.#feed) return;
    this.#feed = feed;
    clearTimeout(this.#timer);
    // An unpacked program cannot be replaced.
    if (feed !== undefined && app.isPackaged)
      this.#timer = setTimeout(() => void this.#lookOften(), FIRST_LOOK_MS);
  }

  /** The user wants to know: every outcome is told. */
  async lookNow(): Promise<void> {
    const { updatesOff, updatesOffText } = this.#options.words();
    if (this.#feed === undefined) await this.#ask(updatesOff, updatesOffText, []);
    else await this.#look(true);
  }

  async #lookOften(): Promise<void> {
    const feed = this.#feed;
    await this.#look(false);
    // A question may stay open for long; for a feed that was named meanwhile `follow` has set a timer.
    if (feed === undefined || this.#feed !== feed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#lookOften(), LOOK_EVERY_MS);
  }

  async #look(isWanted: boolean): Promise<void> {
    if (this.#feed === undefined || this.#isLooking) return;
    this.#isLooking = true;
    const { words, stopSafely } = this.#options;
    let isStopped = false;
    try {
      this.#updater ??= load();
      const updater = await this.#updater;
      updater.setFeedURL({ provider: 'generic', url: this.#feed });
      const found = await updater.checkForUpdates();
      if (!found?.isUpdateAvailable) {
        if (isWanted) await this.#ask(words().noUpdateTitle, '', []);
        return;
      }
      const { version } = found.updateInfo;
      if (!this.#questions.mayAsk('download', version, isWanted)) return;
      if (!(await this.#ask(words().updateTitle(version), words().updateText, [words().download]))) return;
      await updater.downloadUpdate();
      if (!this.#questions.mayAsk('install', version, true)) return;
      if (!(await this.#ask(words().readyTitle(version), words().readyText, [words().install]))) return;
      await stopSafely();
      isStopped = true;
      updater.quitAndInstall();
    } catch (thrown) {
      const why = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
      if (isWanted || isStopped) await this.#ask(words().updateFailed, why.slice(0, 500), []);
      if (isStopped) {
        // The engine is gone already: what was paused goes on after a new start.
        app.relaunch();
        app.quit();
      }
    } finally {
      this.#isLooking = false;
    }
  }

  /** True when the first button was chosen. Without buttons it only tells. */
  async #ask(message: string, detail: string, buttons: string[]): Promise<boolean> {
    const isQuestion = buttons.length > 0;
    const options = {
      type: isQuestion ? ('question' as const) : ('info' as const),
      message,
      detail,
      buttons: isQuestion ? [...buttons, this.#options.words().later] : ['OK'],
      cancelId: isQuestion ? 1 : 0,
      defaultId: isQuestion ? 1 : 0,
      noLink: true,
    };
    const window = this.#options.window();
    const isSeen = window?.isVisible() === true;
    const { response } = await (isSeen
      ? dialog.showMessageBox(window, options)
      : dialog.showMessageBox(options));
    return isQuestion && response === 0;
  }
}

/** Loaded when it is first needed: most have no feed. */
async function load(): Promise<AppUpdater> {
  const { default: electronUpdater } = await import('electron-updater');
  const updater = electronUpdater.autoUpdater;
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.allowDowngrade = false;
  updater.allowPrerelease = false;
  updater.disableWebInstaller = true;
  updater.logger = null;
  return updater;
}
