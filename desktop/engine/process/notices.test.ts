import { describe, expect, it } from 'vitest';
import { guardProcess } from './guard.ts';
import { noticeText } from './notices.ts';

describe('notifications', () => {
  it('speak the language of the settings, or the system', () => {
    const notice = {
      type: 'notice' as const,
      key: 'done' as const,
      values: { name: 'disk', cloud: 'prod' },
    };
    expect(noticeText(notice, 'en', 'zh-CN')).toEqual({
      title: 'Upload finished',
      body: 'disk has arrived in prod.',
    });
    expect(noticeText(notice, 'system', 'zh_CN.UTF-8').title).toBe('上传完成');
    expect(noticeText(notice, 'system', 'de-DE').title).toBe('Upload finished');
  });

  it('say why in their language', () => {
    const notice = {
      type: 'notice' as const,
      key: 'attention' as const,
      values: { name: 'disk' },
      problem: { kind: 'quota', message: 'Could not create image disk: no room.' },
    };
    expect(noticeText(notice, 'en', 'zh-CN').body).toBe('disk: Could not create image disk: no room.');
    expect(noticeText(notice, 'zh-CN', 'en').body).toBe('disk：配额不足');
    const other = { ...notice, problem: { ...notice.problem, kind: 'internal' } };
    expect(noticeText(other, 'zh-CN', 'en').body).toBe('disk：请打开窗口查看详情');
  });

  it('take names as plain text of bounded length', () => {
    const name = `\u202Egpj.\u0000a\nb${'x'.repeat(500)}`;
    const { body } = noticeText(
      { type: 'notice', key: 'attention', values: { name }, problem: { kind: 'quota', message: '{name}' } },
      'en',
      'en',
    );
    expect(body).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(body.length).toBeLessThan(200);
    expect(body.endsWith(': {name}')).toBe(true);
  });
});

describe('the guard', () => {
  it('notes what nobody caught, and gives up when there is no end to it', () => {
    const faults: unknown[] = [];
    let givenUp = 0;
    const before = process.listeners('uncaughtException').length;
    const release = guardProcess({ fault: (_, thrown) => void faults.push(thrown) }, () => {
      givenUp++;
    });
    const note = process.listeners('uncaughtException').at(-1);
    for (let n = 0; n < 25; n++) note?.(new Error(`fault ${n}`), 'uncaughtException');
    release();
    expect(faults).toHaveLength(25);
    expect(givenUp).toBe(1);
    expect(process.listeners('uncaughtException')).toHaveLength(before);
  });
});
