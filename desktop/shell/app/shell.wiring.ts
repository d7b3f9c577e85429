// The shell put together, with a made-up Electron and a made-up engine: what happens when windows close, engines die, systems
// sleep and people quit.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import {
  asked,
  busy,
  commands,
  fake,
  folder,
  menu,
  PAGE,
  press,
  settings,
  settle,
  start,
} from '../testing/start-shell.ts';

describe('start', () => {
  test('opens a window that can do nothing but show its page', async () => {
    const { window } = await start();
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: false,
    });
    expect(fake.callsOf('loadURL')).toEqual([[PAGE]]);
    expect(window.isShown).toBe(false);
    window.emit('ready-to-show');
    expect(window.isShown).toBe(true);
    expect(window.webContents.openHandler?.()).toEqual({ action: 'deny' });
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const preventDefault = vi.fn();
      window.webContents.emit(event, { preventDefault });
      expect(preventDefault).toHaveBeenCalledOnce();
    }
  });

  test('takes the settings of the engine', async () => {
    settings.language = 'zh-CN';
    await start();
    expect(fake.nativeTheme.themeSource).toBe('dark');
    expect(menu()[0]?.label).toBe('文件');
  });

  test('hands files on: of the command line, of a second start, of the dock', async () => {
    const { engine } = await start(['/a.iso']);
    fake.app.emit('second-instance', {}, [], '', { paths: ['/b.iso', 'relative'] });
    engine()?.report({ type: 'ready' });
    fake.app.emit('open-file', { preventDefault: () => {} }, '/c.iso');
    expect(commands().filter(({ type }) => type === 'open')).toEqual([
      { type: 'open', paths: ['/a.iso'] },
      { type: 'open', paths: ['/b.iso'] },
      { type: 'open', paths: ['/c.iso'] },
    ]);
  });
});

describe('the session', () => {
  test('gives no permission but that to copy, and that only to our page', async () => {
    const { window } = await start();
    const { request, check, blocked } = fake.session.defaultSession;
    const granted = (permission: string) => {
      const grant = vi.fn();
      request?.(window.webContents, permission, grant);
      return grant.mock.calls[0]?.[0];
    };
    expect(granted('clipboard-sanitized-write')).toBe(true);
    expect(granted('notifications')).toBe(false);
    expect(granted('media')).toBe(false);
    window.webContents.mainFrame.url = 'https://evil.example/';
    expect(granted('clipboard-sanitized-write')).toBe(false);
    expect(check?.(null, 'clipboard-sanitized-write', 'app://imagebridge/')).toBe(true);
    expect(check?.(null, 'clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
    expect(blocked).toContain('https://*/*');
  });

  test('downloads only what the page has made, to where the user says', async () => {
    await start();
    const download = (url: string) => {
      const item = { getURL: () => url, getFilename: () => 'a.csv', setSavePath: vi.fn() };
      const preventDefault = vi.fn();
      fake.session.defaultSession.emit('will-download', { preventDefault }, item);
      return [preventDefault.mock.calls.length, item.setSavePath.mock.calls[0]?.[0]];
    };
    fake.system.files = ['/home/u/a.csv'];
    expect(download('https://evil.example/x.exe')).toEqual([1, undefined]);
    expect(download('blob:app://imagebridge/1')).toEqual([0, '/home/u/a.csv']);
    fake.system.files = [];
    expect(download('blob:app://imagebridge/1')).toEqual([1, undefined]);
  });
});

describe('the bridge', () => {
  const call = (channel: string, event: object, ...args: unknown[]) =>
    fake.ipcMain.handlers.get(`imagebridge:${channel}`)?.(event, ...args);

  test('answers our page only, and only questions of the right shape', async () => {
    const { window } = await start();
    const ours = { sender: window.webContents, senderFrame: window.webContents.mainFrame };
    fake.system.files = ['/a.iso'];
    expect(await call('pick-files', ours, 'many')).toEqual({ result: ['/a.iso'] });
    expect(await call('pick-files', ours, 'some')).toHaveProperty('refused');
    expect(await call('reveal', ours, '../x')).toHaveProperty('refused');
    for (const wrong of [
      { ...ours, senderFrame: null },
      { ...ours, senderFrame: { url: 'https://evil.example/', parent: null } },
      { ...ours, senderFrame: { url: PAGE, parent: {} } },
      { ...ours, sender: {} },
    ]) {
      expect(await call('pick-files', wrong, 'many')).toHaveProperty('refused');
    }
  });

  test('hands the engine to our page only', async () => {
    const { window, engine } = await start();
    const before = engine()?.posted.length ?? 0;
    fake.ipcMain.emit('imagebridge:engine', { sender: window.webContents, senderFrame: null });
    expect(engine()?.posted).toHaveLength(before);
    fake.ipcMain.emit('imagebridge:engine', {
      sender: window.webContents,
      senderFrame: window.webContents.mainFrame,
    });
    expect(engine()?.posted).toHaveLength(before + 1);
    expect(fake.callsOf('postMessage')).toHaveLength(1);
  });

  test('writes a text where the user says, and says why when it cannot', async () => {
    const { window } = await start();
    const ours = { sender: window.webContents, senderFrame: window.webContents.mainFrame };
    fake.system.files = [join(folder, 'history.csv')];
    expect(await call('save-text', ours, 'history.csv', 'a,b')).toEqual({
      result: join(folder, 'history.csv'),
    });
    expect(await call('reveal', ours, join(folder, 'history.csv'))).toEqual({ result: true });
    expect(await call('reveal', ours, join(folder, 'gone'))).toEqual({ result: false });
    fake.system.files = [join(folder, 'no', 'such', 'folder.csv')];
    expect(await call('save-text', ours, 'history.csv', 'a,b')).toEqual({
      refused: expect.stringMatching(/ENOENT/),
    });
    fake.system.files = [];
    expect(await call('save-text', ours, 'history.csv', 'a,b')).toEqual({ result: null });
  });
});

describe('the engine', () => {
  test('is told of sleep and of the network, also when it is new', async () => {
    const { engine } = await start();
    fake.powerMonitor.emit('suspend');
    fake.powerMonitor.emit('resume');
    fake.system.isOnline = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(commands().slice(-3)).toEqual([
      { type: 'suspend' },
      { type: 'resume' },
      { type: 'network', online: false },
    ]);
    engine()?.emit('exit', 1);
    await vi.advanceTimersByTimeAsync(500);
    expect(fake.children).toHaveLength(2);
    engine()?.report({ type: 'ready' });
    expect(commands()).toContainEqual({ type: 'network', online: false });
  });

  test('learns the proxies of the system', async () => {
    const { engine } = await start();
    fake.system.proxy = 'PROXY proxy.example:3128; DIRECT';
    engine()?.report({ type: 'resolve-proxy', id: 7, url: 'https://obs.example/' });
    engine()?.report({ type: 'resolve-proxy', id: 8, url: 'file:///etc/passwd' });
    await settle();
    expect(commands()).toContainEqual({ type: 'proxy', id: 7, proxy: 'http://proxy.example:3128' });
    expect(commands()).toContainEqual({ type: 'proxy', id: 8, proxy: null });
  });

  test('comes back, and the user is told only when that does not help', async () => {
    const { engine } = await start();
    for (let n = 0; n < 2; n++) {
      engine()?.stderr.emit('data', Buffer.from('no space left'));
      engine()?.emit('exit', 1);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(fake.callsOf('ask')).toEqual([]);
    fake.answers.push(0);
    engine()?.emit('exit', 1);
    await settle();
    expect(fake.callsOf('ask')).toEqual([['ImageBridge cannot work at the moment']]);
    expect(fake.children).toHaveLength(4);
  });

  test('keeps the machine awake while it uploads', async () => {
    const { engine } = await start();
    engine()?.report(busy(2));
    engine()?.report(busy(1));
    expect(fake.callsOf('block')).toEqual([['prevent-app-suspension']]);
    expect(fake.callsOf('setProgressBar').at(-1)).toEqual([0.5, { mode: 'normal' }]);
    engine()?.report(busy(0));
    expect(fake.callsOf('unblock')).toHaveLength(1);
    // One that has died uploads nothing.
    engine()?.report(busy(1));
    engine()?.emit('exit', 1);
    expect(fake.callsOf('unblock')).toHaveLength(2);
  });

  test('notifies when nobody looks, and a click leads to the task', async () => {
    const { window, engine } = await start();
    window.show();
    engine()?.report({ type: 'notify', title: 'Done', body: 'a.iso', taskId: '7' });
    expect(fake.notifications).toHaveLength(0);
    window.hide();
    engine()?.report({ type: 'notify', title: 'Done', body: 'a.iso', taskId: '7' });
    fake.notifications[0]?.emit('click');
    expect(window.isShown).toBe(true);
    expect(fake.callsOf('send').at(-1)).toEqual(['imagebridge:menu', { type: 'task', taskId: '7' }]);
  });

  test('is told what menus say', async () => {
    await start();
    press('Pause All');
    press('Resume All');
    await settle();
    expect(asked).toEqual(['pauseAll', 'resumeAll']);
  });
});

describe('closing', () => {
  test('asks once; the answer is kept', async () => {
    const { window } = await start();
    window.show();
    expect(window.close()).toBe(false);
    await settle();
    expect(window.isShown).toBe(true);
    fake.answers.push(0);
    expect(window.close()).toBe(false);
    await settle();
    expect(window.isShown).toBe(false);
    expect(asked).toEqual(['setSettings {"closeToTray":"tray"}']);
    fake.app.emit('second-instance', {}, [], '', undefined);
    expect(window.isShown).toBe(true);
    window.close();
    expect(window.isShown).toBe(false);
    expect(fake.callsOf('ask')).toHaveLength(2);
  });

  test('asks one question at a time', async () => {
    const { window } = await start();
    window.show();
    window.close();
    window.close();
    await settle();
    expect(fake.callsOf('ask')).toHaveLength(1);
  });

  test('where it means quitting, it quits', async () => {
    settings.closeToTray = 'quit';
    const { window, engine } = await start();
    window.close();
    expect(commands()).toContainEqual({ type: 'stop' });
    engine()?.report({ type: 'stopped' });
    await settle();
    expect(fake.app.hasEnded).toBe(true);
  });
});

describe('quitting', () => {
  test('asks while something is uploaded, and stays when it is not wanted', async () => {
    const { engine } = await start();
    engine()?.report(busy(2));
    fake.app.quit();
    await settle();
    expect(fake.callsOf('ask')).toEqual([['Pause 2 uploads and quit?']]);
    expect(commands()).not.toContainEqual({ type: 'stop' });
    expect(fake.app.hasEnded).toBe(false);
    fake.answers.push(0);
    fake.app.quit();
    fake.app.quit();
    await settle();
    expect(fake.callsOf('ask')).toHaveLength(2);
    expect(commands().filter(({ type }) => type === 'stop')).toHaveLength(1);
    expect(fake.app.hasEnded).toBe(false);
    engine()?.report({ type: 'stopped' });
    engine()?.emit('exit', 0);
    await settle();
    expect(fake.app.hasEnded).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fake.children).toHaveLength(1);
  });

  test('waits for the engine, but not for ever', async () => {
    await start();
    fake.app.quit();
    await vi.advanceTimersByTimeAsync(14_000);
    expect(fake.app.hasEnded).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(fake.app.hasEnded).toBe(true);
  });

  test('does not ask when the system ends, even if it is being asked', async () => {
    const { engine } = await start();
    engine()?.report(busy(1));
    const preventDefault = vi.fn();
    fake.powerMonitor.emit('shutdown', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    expect(fake.callsOf('ask')).toEqual([]);
    expect(commands()).toContainEqual({ type: 'stop' });
    engine()?.report({ type: 'stopped' });
    await settle();
    expect(fake.app.hasEnded).toBe(true);
  });
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'nobody is asked after %s: whoever sends it does not wait for an answer',
  async (signal) => {
    const { engine } = await start();
    engine()?.report(busy(1));
    process.emit(signal);
    expect(fake.callsOf('ask')).toEqual([]);
    expect(commands()).toContainEqual({ type: 'stop' });
    engine()?.report({ type: 'stopped' });
    await settle();
    expect(fake.app.hasEnded).toBe(true);
  },
);

test('a broken installation is told', async () => {
  rmSync(join(folder, 'window'), { recursive: true });
  await expect(start()).rejects.toThrow('no window');
  expect(fake.callsOf('showErrorBox')).toHaveLength(1);
  expect(fake.callsOf('exit')).toEqual([[1]]);
});

test('a window that crashes is loaded again; when that does not help, the user is asked', async () => {
  const { window } = await start();
  for (let n = 0; n < 3; n++) window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  // The loads that were given up for it are no crashes of their own.
  await settle();
  expect(fake.callsOf('loadURL')).toHaveLength(4);
  expect(fake.callsOf('ask')).toEqual([]);
  let answer = () => {};
  const question = vi.spyOn(fake.dialog, 'showMessageBox').mockImplementation(
    () =>
      new Promise((resolve) => {
        answer = () => resolve({ response: 0 });
      }),
  );
  window.webContents.emit('render-process-gone', {}, { reason: 'oom' });
  // A process that is gone takes its load with it.
  window.failLoading();
  await settle();
  expect(question).toHaveBeenCalledOnce();
  expect(question.mock.calls[0]).toMatchObject([{ message: 'The window has stopped working' }]);
  answer();
  await settle();
  expect(fake.callsOf('loadURL')).toHaveLength(5);
  window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit' });
  expect(fake.callsOf('loadURL')).toHaveLength(5);
});
