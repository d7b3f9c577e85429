import { DEFAULT_SETTINGS, NO_TOTALS } from '@imagebridge/desktop-contract';
import { describe, expect, it } from 'vitest';
import { diagnostics, shortenHome } from './diagnostics.ts';

describe('diagnostics', () => {
  it('hold what support needs, without secrets and without the user’s name in paths', () => {
    const { fileName, text } = diagnostics({
      nowMs: Date.UTC(2026, 0, 2, 3, 4, 5),
      variant: 'web',
      dataDir: '/home/ann/.local/share/imagebridge/desktop',
      stateDir: '/home/ann/.local/share/imagebridge',
      online: true,
      windows: 1,
      settings: { ...DEFAULT_SETTINGS, updateFeedUrl: 'https://u:p@updates.example/feed?key=abc' },
      profiles: [
        {
          name: 'prod',
          family: 'openstack',
          source: 'file',
          place: '/home/ann/.config/p.yaml',
          isDefault: true,
          editable: true,
          isLocal: false,
        },
      ],
      warnings: [],
      taskWarnings: [],
      tasks: [],
      totals: NO_TOTALS,
      activities: [],
      historyEntries: 3,
      log: ['PUT failed: X-Auth-Token: gAAAAtoken', 'password=hunter2 was wrong'],
      home: '/home/ann',
    });
    expect(fileName).toBe('imagebridge-diagnostics-2026-01-02T03-04-05.txt');
    expect(text).toContain('"place": "~/.config/p.yaml"');
    expect(text).toContain('"historyEntries": 3');
    for (const secret of ['/home/ann', 'gAAAAtoken', 'hunter2', 'u:p@', 'key=abc'])
      expect(text).not.toContain(secret);
  });

  it('shorten whole names only, however they are written', () => {
    expect(shortenHome('/home/ann/x /home/anna /home/ann', '/home/ann')).toBe('~/x /home/anna ~');
    const windows = 'C:\\Users\\Ann';
    expect(shortenHome(`${windows}\\x ${JSON.stringify(windows)} C:/Users/Ann/y`, windows)).toBe(
      '~\\x "~" ~/y',
    );
    expect(shortenHome('/a/b', '/')).toBe('/a/b');
  });
});
