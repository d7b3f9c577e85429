// The app's main process: it starts the engine and shows the window, and stands between them and the system. Thin: what is to
// be decided is decided by the engine, or by the pure files beside this one.
import { join } from 'node:path';
import { app, dialog, protocol } from 'electron';
import { runShell } from './app/shell.ts';
import { APP_SCHEME } from './page/app-files.ts';
import { openPaths } from './page/open-paths.ts';

app.enableSandbox();
app.setName('ImageBridge');
if (process.platform === 'win32') app.setAppUserModelId('io.github.imagebridge.desktop');
// A queue of its own is an app of its own.
const ownFolder = process.env.IMAGEBRIDGE_DESKTOP_DIR;
if (ownFolder) app.setPath('userData', join(ownFolder, 'shell'));

// Told once, and without a stack. Uploads go on: they are another process's.
process.once('uncaughtException', (thrown) => {
  process.on('uncaughtException', () => {});
  dialog.showErrorBox(app.name, thrown.message);
});

protocol.registerSchemesAsPrivileged([
  {
    scheme: APP_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
  },
]);

// Unpacked, the program's own folder is among the arguments.
const words = process.argv.slice(1);
const paths = openPaths(words, process.cwd()).filter((path) => app.isPackaged || path !== app.getAppPath());
// The one that runs already gets the paths, and shows itself.
if (app.requestSingleInstanceLock({ paths })) runShell(paths);
else app.quit();
