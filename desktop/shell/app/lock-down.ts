// What no page may do, whatever it is: leave, open windows, embed others, get permissions, reach the network, download.
import { type BrowserWindow, dialog, type Session, type WebContents } from 'electron';
import { APP_ORIGIN, isOurPage } from '../page/app-files.ts';
import { safeFileName } from '../page/requests.ts';

/** The one permission that is given: to put text into the clipboard, after a click. */
const ALLOWED = 'clipboard-sanitized-write';

/** Of every web contents that ever comes to be. */
export function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
}

/** Of the session that the window has. */
export function lockSession(session: Session, window: () => BrowserWindow | undefined): void {
  session.setPermissionRequestHandler((contents, permission, grant) =>
    grant(permission === ALLOWED && isOurPage(contents.getURL())),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === ALLOWED && origin.replace(/\/$/, '') === APP_ORIGIN,
  );
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  // The page talks to the engine only. The engine has a network of its own.
  const outside = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file:///*'];
  session.webRequest.onBeforeRequest({ urls: outside }, (_details, answer) => answer({ cancel: true }));
  session.on('will-download', (event, item) => {
    // Only what the page has made itself, and only to where the user says.
    const path = item.getURL().startsWith(`blob:${APP_ORIGIN}/`)
      ? savePath(window(), item.getFilename())
      : '';
    if (path === '') event.preventDefault();
    else item.setSavePath(path);
  });
}

/** The dialog has to be answered within the event: afterwards the download would have begun. */
function savePath(window: BrowserWindow | undefined, name: string): string {
  const options = { defaultPath: safeFileName(name) };
  return window === undefined
    ? dialog.showSaveDialogSync(options)
    : dialog.showSaveDialogSync(window, options);
}
