// What is seen of the program outside of its window: taskbar, dock, tray, notifications; and the machine is kept awake.
import { app, Menu, Notification, nativeImage, powerSaveBlocker, Tray } from 'electron';
import { type Busy, IDLE, mustStayAwake, summary, taskbarBar } from '../system/busy.ts';
import { type MenuActions, trayMenu } from '../system/menus.ts';
import type { Words } from '../system/words.ts';
import { built } from './places.ts';
import type { MainWindow } from './window.ts';

/** So many notifications can still be clicked. */
const MAX_KEPT = 20;
const icon = (name: string) => nativeImage.createFromPath(built('icons', name));

/** Everything outside of the window. */
export class Outside {
  readonly #window: MainWindow;
  readonly #actions: MenuActions;
  readonly #tray: Tray;
  /** A notification that nobody holds loses its click. */
  readonly #notifications = new Set<Notification>();
  #busy: Busy = IDLE;
  #blocker: number | undefined;
  #words: Words;
  #shown = '';

  constructor(window: MainWindow, actions: MenuActions, words: Words) {
    this.#window = window;
    this.#actions = actions;
    this.#words = words;
    const names: Partial<Record<NodeJS.Platform, string>> = { darwin: 'trayTemplate.png', win32: 'tray.ico' };
    this.#tray = new Tray(icon(names[process.platform] ?? 'tray.png'));
    // On macOS a click opens the menu.
    if (process.platform !== 'darwin') this.#tray.on('click', () => actions.show());
    this.#draw();
  }

  /** How many uploads are under way. */
  get uploading(): number {
    return this.#busy.uploading;
  }

  /** Draws everything again: a window that is new, or was hidden, has no bar yet. */
  redraw(): void {
    this.#draw();
  }

  setWords(words: Words): void {
    this.#words = words;
    this.#shown = '';
    this.#draw();
  }

  /** Shows what the engine says. */
  setBusy(busy: Busy, settings: { keepAwake: boolean }): void {
    this.#busy = busy;
    this.stayAwake(mustStayAwake(busy, settings));
    this.#draw();
  }

  /** The setting has changed. */
  setKeepAwake(keepAwake: boolean): void {
    this.stayAwake(mustStayAwake(this.#busy, { keepAwake }));
  }

  /** Keeps the machine from falling asleep by itself, or lets it. The screen may go dark. */
  stayAwake(wanted: boolean): void {
    if (wanted) this.#blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (this.#blocker !== undefined) {
      powerSaveBlocker.stop(this.#blocker);
      this.#blocker = undefined;
    }
  }

  /** Says in the tray that everything is being paused: the program is about to end. */
  showPausing(): void {
    this.#tray.setToolTip(`${this.#words.app}: ${this.#words.pausing}`);
    this.#window.window?.setTitle(`${this.#words.app}: ${this.#words.pausing}`);
  }

  /** A notification of the system; nothing when the user looks at the window anyway. */
  notify(text: { title: string; body: string; taskId?: string | undefined }): void {
    if (this.#window.isWatched || !Notification.isSupported()) return;
    const notification = new Notification({ title: text.title, body: text.body });
    const { taskId } = text;
    const forget = () => this.#notifications.delete(notification);
    notification.on('click', () => {
      forget();
      this.#actions.tell(taskId === undefined ? { type: 'show', screen: 'queue' } : { type: 'task', taskId });
    });
    notification.on('failed', forget);
    this.#notifications.add(notification);
    const [oldest] = this.#notifications;
    if (this.#notifications.size > MAX_KEPT && oldest !== undefined) this.#notifications.delete(oldest);
    notification.show();
  }

  /** Takes everything away. */
  close(): void {
    this.stayAwake(false);
    this.#tray.destroy();
  }

  #draw(): void {
    const state = summary(this.#busy, this.#words);
    // A menu that is open would be torn away.
    if (state !== this.#shown) {
      this.#shown = state;
      this.#tray.setToolTip(`${this.#words.app}: ${state}`);
      this.#tray.setContextMenu(Menu.buildFromTemplate(trayMenu(this.#words, this.#actions, state)));
    }
    const { value, mode } = taskbarBar(this.#busy);
    const window = this.#window.window;
    window?.setProgressBar(value, { mode });
    const { attention } = this.#busy;
    if (process.platform === 'win32') {
      window?.setOverlayIcon(attention > 0 ? icon('badge.png') : null, attention > 0 ? state : '');
    } else app.setBadgeCount(attention);
  }
}
