// Puts the shell's parts together, and follows what the system and the engine tell.
import type { HostReport, Settings } from '@imagebridge/desktop-contract';
import { app, dialog, Menu, MessageChannelMain, net, powerMonitor, protocol, session } from 'electron';
import { EngineProcess, type Outage } from '../engine/engine-process.ts';
import { isWebAddress, proxyOf } from '../engine/proxy.ts';
import { APP_SCHEME, openAppFiles } from '../page/app-files.ts';
import { pathsHandedOver } from '../page/open-paths.ts';
import { IDLE } from '../system/busy.ts';
import { type MenuActions, menuBar } from '../system/menus.ts';
import { type Words, wordsFor } from '../system/words.ts';
import { serveBridge } from './bridge.ts';
import { FIRST_SETTINGS, forkEngine, ShellLine } from './engine.ts';
import { lockContents, lockSession } from './lock-down.ts';
import { Outside } from './outside.ts';
import { built } from './places.ts';
import { Updates } from './updates.ts';
import { MainWindow } from './window.ts';

/** The network is looked at so often: Electron tells changes to pages only, and there may be none. */
const NETWORK_EVERY_MS = 5000;
/** Pausing takes a moment: parts that are nearly done are let through. */
const LONGEST_STOP_MS = 15_000;
/** After so many failed starts in a row the user is told. */
const TOLD_AFTER = 3;

/**
 * Runs the app.
 * @param paths files from the command line
 */
export function runShell(paths: readonly string[]): void {
  const early = [...paths];
  let open = (more: readonly string[]): void => {
    early.push(...more);
  };
  app.on('second-instance', (_event, _argv, _folder, handedOver) => open(pathsHandedOver(handedOver)));
  // macOS: dropped on the dock, or opened in the Finder. The first ones come before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open([path]);
  });
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  // The tray stays; what ends the app is `quit`.
  app.on('window-all-closed', () => {});
  app
    .whenReady()
    .then(() => {
      const shell = new Shell();
      open = (more) => shell.open(more);
      shell.open(early);
    })
    .catch((thrown: unknown) => {
      dialog.showErrorBox(app.name, thrown instanceof Error ? thrown.message : String(thrown));
      app.exit(1);
    });
}

class Shell {
  #settings: Settings = FIRST_SETTINGS;
  #words: Words = wordsFor('system', app.getPreferredSystemLanguages());
  #ending: 'no' | 'asking' | 'stopping' | 'done' = 'no';
  #isOnline = true;
  #isOutageTold = false;
  #isAskingHowToClose = false;
  readonly #engine: EngineProcess;
  readonly #line: ShellLine;
  readonly #window: MainWindow;
  readonly #outside: Outside;
  readonly #updates: Updates;
  readonly #actions: MenuActions;

  constructor() {
    const words = () => this.#words;
    const window = () => this.#window.window;
    protocol.handle(APP_SCHEME, openAppFiles(built('window')));
    lockSession(session.defaultSession, window);
    this.#engine = new EngineProcess({
      fork: forkEngine,
      channel: () => new MessageChannelMain(),
      locale: app.getPreferredSystemLanguages()[0] ?? app.getLocale(),
      onReport: (report) => this.#hear(report),
      onOutage: (outage) => this.#tellOutage(outage),
    });
    this.#line = new ShellLine(this.#engine, (settings) => this.#follow(settings));
    this.#window = new MainWindow({
      words,
      mayClose: () => this.#mayClose(),
      onFocus: () => this.#outside.redraw(),
      onSessionEnd: () => void this.#quit(false),
    });
    this.#actions = {
      tell: (command) => this.#window.tell(command),
      show: () => this.#window.show(),
      pauseAll: () => this.#line.pauseAll(),
      resumeAll: () => this.#line.resumeAll(),
      checkForUpdates: () => void this.#updates.lookNow(),
      about: () => app.showAboutPanel(),
      quit: () => app.quit(),
    };
    this.#outside = new Outside(this.#window, this.#actions, this.#words);
    this.#updates = new Updates({ words, window, stopSafely: () => this.#stop() });
    serveBridge(window, this.#engine, words);
    this.#drawMenus();
    this.#watchSystem();
    this.#engine.start();
    this.#line.open();
  }

  /** Shows the window, and adds files. */
  open(paths: readonly string[]): void {
    if (paths.length === 0) this.#window.show();
    else {
      this.#engine.send({ type: 'open', paths: [...paths] });
      this.#window.tell({ type: 'show', screen: 'queue' });
    }
  }

  #watchSystem(): void {
    powerMonitor.on('suspend', () => this.#engine.send({ type: 'suspend' }));
    powerMonitor.on('resume', () => this.#engine.send({ type: 'resume' }));
    // The system ends: nobody can be asked any more. On Linux and macOS it waits for us.
    powerMonitor.on('shutdown', (...[event]: Partial<Electron.Event>[]) => {
      event?.preventDefault?.();
      void this.#quit(false);
    });
    // As a session that ends may do, or a terminal that is closed.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.on(signal, () => void this.#quit(false));
    setInterval(() => this.#lookAtNetwork(), NETWORK_EVERY_MS);
    app.on('activate', () => this.#window.show());
    app.on('before-quit', (event) => {
      if (this.#ending === 'done') return;
      event.preventDefault();
      void this.#quit(true);
    });
    app.on('will-quit', () => this.#outside.close());
  }

  #lookAtNetwork(): void {
    const isOnline = net.isOnline();
    if (isOnline === this.#isOnline) return;
    this.#isOnline = isOnline;
    this.#engine.send({ type: 'network', online: isOnline });
  }

  #hear(report: HostReport): void {
    switch (report.type) {
      case 'ready':
        this.#isOutageTold = false;
        // A new engine believes that the network is there.
        if (!this.#isOnline) this.#engine.send({ type: 'network', online: false });
        return;
      case 'busy':
        this.#outside.setBusy(report, this.#settings);
        return;
      case 'notify':
        this.#outside.notify(report);
        return;
      case 'resolve-proxy':
        void this.#resolveProxy(report.id, report.url);
        return;
      case 'failed':
      case 'stopped':
        // Those are the process's own.
        return;
    }
  }

  async #resolveProxy(id: number, url: string): Promise<void> {
    const answer = isWebAddress(url) ? await session.defaultSession.resolveProxy(url).catch(() => '') : '';
    this.#engine.send({ type: 'proxy', id, proxy: proxyOf(answer) });
  }

  #follow(settings: Settings): void {
    const before = this.#settings;
    this.#settings = settings;
    this.#window.setTheme(settings.theme);
    this.#updates.follow(settings.updateFeedUrl);
    this.#outside.setKeepAwake(settings.keepAwake);
    if (settings.language === before.language) return;
    this.#words = wordsFor(settings.language, app.getPreferredSystemLanguages());
    this.#outside.setWords(this.#words);
    this.#drawMenus();
  }

  #drawMenus(): void {
    const about = { platform: process.platform, isDeveloping: !app.isPackaged };
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuBar(this.#words, this.#actions, about)));
    app.setAboutPanelOptions({
      applicationName: this.#words.app,
      applicationVersion: app.getVersion(),
      version: `Electron ${process.versions.electron}`,
      copyright: 'Apache License 2.0',
      iconPath: built('icons', '256.png'),
    });
  }

  /** True when the window may go. Whether the app goes on without it is asked once. */
  #mayClose(): boolean {
    if (this.#ending === 'stopping' || this.#ending === 'done') return true;
    // On macOS an app without a window is nothing unusual.
    const { closeToTray } = this.#settings;
    if (process.platform === 'darwin' || closeToTray === 'tray') this.#window.hide();
    else if (closeToTray === 'quit') app.quit();
    else void this.#askHowToClose();
    return false;
  }

  async #askHowToClose(): Promise<void> {
    // Not every system keeps a window from being closed again while it asks.
    if (this.#isAskingHowToClose) return;
    this.#isAskingHowToClose = true;
    const { closeTitle, closeText, closeHint, closeToTray, quitNow, cancel } = this.#words;
    const response = await this.#ask(closeTitle, `${closeText}\n\n${closeHint}`, [
      closeToTray,
      quitNow,
      cancel,
    ]);
    this.#isAskingHowToClose = false;
    if (response === 2) return;
    const chosen = response === 0 ? 'tray' : 'quit';
    this.#settings = { ...this.#settings, closeToTray: chosen };
    this.#line.rememberClosing(chosen);
    if (chosen === 'tray') this.#window.hide();
    else app.quit();
  }

  /** Ends the app; what is being uploaded pauses safely first. */
  async #quit(mayAsk: boolean): Promise<void> {
    if (this.#ending === 'stopping' || (this.#ending === 'asking' && mayAsk)) return;
    const { uploading } = this.#outside;
    if (mayAsk && uploading > 0) {
      this.#ending = 'asking';
      const { quitTitle, quitText, quitAnyway, cancel } = this.#words;
      const response = await this.#ask(quitTitle(uploading), quitText, [quitAnyway, cancel]);
      // The system may have ended it meanwhile.
      if (this.#ending !== 'asking') return;
      this.#ending = 'no';
      if (response === 1) return;
    }
    await this.#stop();
    app.quit();
  }

  async #stop(): Promise<void> {
    this.#ending = 'stopping';
    this.#outside.showPausing();
    await this.#engine.stop(LONGEST_STOP_MS);
    this.#ending = 'done';
  }

  /** The number of the button; the last one is for those who close the question. */
  async #ask(message: string, detail: string, buttons: string[]): Promise<number> {
    const cancelId = buttons.length - 1;
    const options = {
      type: 'question' as const,
      message,
      detail,
      buttons,
      cancelId,
      defaultId: 0,
      noLink: true,
    };
    const window = this.#window.window;
    const isSeen = window?.isVisible() === true;
    const { response } = await (isSeen
      ? dialog.showMessageBox(window, options)
      : dialog.showMessageBox(options));
    return response;
  }

  #tellOutage({ reason, isTold, failures }: Outage): void {
    this.#outside.setBusy(IDLE, this.#settings);
    if (this.#isOutageTold || !(isTold || failures >= TOLD_AFTER)) return;
    this.#isOutageTold = true;
    const { engineTitle, engineText, tryAgain, quitNow } = this.#words;
    void this.#ask(engineTitle, `${engineText}\n\n${reason}`, [tryAgain, quitNow]).then((response) => {
      if (response === 1) app.quit();
      else this.#engine.start();
    });
  }
}
