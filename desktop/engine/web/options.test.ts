import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasScreen } from './open-browser.ts';
import { readOptions } from './options.ts';

describe('the options', () => {
  it('have safe defaults', () => {
    expect(readOptions([])).toMatchObject({ host: '127.0.0.1', localCloud: false, json: false, paths: [] });
    expect(readOptions([]).port).toBeUndefined();
  });

  it('are read', () => {
    const options = readOptions([
      '--port',
      '0',
      '--root',
      tmpdir(),
      '--root',
      '.',
      '--data',
      'd',
      '--no-open',
      '--local-cloud',
      'a.iso',
      '/b c.iso',
    ]);
    expect(options).toMatchObject({
      port: 0,
      roots: [resolve(tmpdir()), resolve('.')],
      dataDir: resolve('d'),
      open: false,
      localCloud: true,
      paths: [resolve('a.iso'), '/b c.iso'],
    });
    expect(readOptions(['--', '-x.iso']).paths).toEqual([join(process.cwd(), '-x.iso')]);
  });

  it.each([
    [['--port', '70000'], 'from 0 to 65535'],
    [['--port', '1e3'], 'from 0 to 65535'],
    [['--root', '/nothing/here'], 'there is no such folder'],
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port'], '--port'],
    [['--open', '--no-open'], 'exclude each other'],
    [['--host', '0.0.0.0'], '--allow-remote'],
    [['--url', 'https://upload.example.com'], '--allow-remote'],
    [['--url', 'https://a.example/path', '--allow-remote'], 'without a path'],
  ])('refuse %j', (args, text) => {
    expect(() => readOptions(args)).toThrow(text);
  });

  it('let others in only when it is meant', () => {
    expect(readOptions(['--host', '0.0.0.0', '--allow-remote']).host).toBe('0.0.0.0');
    expect(readOptions(['--host', '::1']).host).toBe('::1');
  });
});

it('a browser is opened only where somebody sees it', () => {
  expect(hasScreen({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasScreen({}, 'linux')).toBe(false);
  expect(hasScreen({ DISPLAY: ':0', SSH_CONNECTION: 'x' }, 'linux')).toBe(false);
  expect(hasScreen({}, 'darwin')).toBe(true);
});
