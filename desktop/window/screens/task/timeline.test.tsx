// @vitest-environment happy-dom
import { type TimelineEntry, taskMoment } from '@imagebridge/desktop-contract';
import { cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { renderWith } from '../../testing/fake-engine.tsx';
import { Timeline } from './timeline.tsx';

const HOSTILE = '<img src=x onerror=alert(1)>';

const [stateMoment] = taskMoment.options;
const STATES = stateMoment.shape.state.options;

/** Lines as they are shown, the newest first, without what only screen readers are told. */
async function linesOf(entries: TimelineEntry[], language: 'en' | 'zh-CN' = 'en'): Promise<string[]> {
  await renderWith(<Timeline entries={entries} />, { language });
  const items = await screen.findAllByRole('listitem');
  return items.map((item) => {
    const text = item.querySelector('.foreign');
    text?.querySelector('.sr-only')?.remove();
    return text?.textContent ?? '';
  });
}

const retry = (moment: Partial<Extract<TimelineEntry['moment'], { type: 'retry' }>>): TimelineEntry => ({
  at: 1,
  kind: 'retry',
  text: 'Could not upload part 1 of /a/b.qcow2 on huaweicloud "x": … (part 1) Try 1 failed, next try in 0.1 s.',
  moment: { type: 'retry', attempt: 1, waitMs: 96, cause: {}, ...moment },
});

afterEach(cleanup);

describe('the timeline', () => {
  it.each([
    ['en', 'Part 1: HTTP 503, request id req-1. Try 1 failed, next one in 0.1 s.'],
    ['zh-CN', '第 1 段：HTTP 503，请求 ID req-1。第 1 次尝试失败，0.1 秒后重试。'],
  ] as const)('tells a retry in short, in %s', async (language, line) => {
    const cause = { httpStatus: 503, code: '503', requestId: 'req-1' };
    expect(await linesOf([retry({ partNumber: 1, cause })], language)).toEqual([line]);
  });

  it.each([
    ['en', 'Try 3 failed: Zq reason. Next one in 1 min.'],
    ['zh-CN', '第 3 次尝试失败：Zq reason。1 分钟后重试。'],
  ] as const)('tells a retry of the whole, in %s', async (language, line) => {
    // What no catalogue has stays as it is.
    const entry = retry({ attempt: 3, waitMs: 60_000, cause: { reason: 'Zq reason.' } });
    expect(await linesOf([entry], language)).toEqual([line]);
  });

  it('says so where no reason is known', async () => {
    expect(await linesOf([retry({ waitMs: 0 })])).toEqual([
      'Try 1 failed: no reason was given. Next one in 0.1 s.',
    ]);
  });

  it.each(['en', 'zh-CN'] as const)('has words of its own for every state, in %s', async (language) => {
    const entries = STATES.map(
      (state): TimelineEntry => ({ at: 1, kind: 'state', text: state, moment: { type: 'state', state } }),
    );
    const lines = await linesOf(entries, language);
    expect(new Set(lines).size).toBe(STATES.length);
    const hasWords = language === 'en' ? /^[A-Z][A-Za-z ]+$/ : /^\p{Script=Han}+$/u;
    for (const line of lines) expect(line).toMatch(hasWords);
  });

  it('tells why it stopped, and nothing of earlier failures in a pause', async () => {
    const cause = { httpStatus: 403, code: 'AccessDenied', requestId: 'r-9' };
    const entry = (state: 'attention' | 'paused'): TimelineEntry => ({
      ...{ at: 1, kind: 'state', text: `${state}: Could not …` },
      moment: { type: 'state', state, cause },
    });
    expect(await linesOf([entry('attention'), entry('paused')])).toEqual([
      'Paused',
      'Stopped: HTTP 403, AccessDenied, request id r-9.',
    ]);
  });

  it('tells how long nothing has moved', async () => {
    const moment = { type: 'stalled', stalledMs: 30_000 } as const;
    const entry: TimelineEntry = { at: 1, kind: 'stalled', text: 'No byte has moved for 30 s.', moment };
    expect(await linesOf([entry], 'zh-CN')).toEqual(['已有 30 秒没有任何进展。']);
  });

  it('shows the words of what is no data, newest first, and texts of services as text', async () => {
    const lines = await linesOf([
      { at: 1, kind: 'note', text: 'It began.' },
      { at: 2, kind: 'note', text: HOSTILE },
      retry({ cause: { code: HOSTILE } }),
    ]);
    expect(lines[0]).toContain(`failed: ${HOSTILE}.`);
    expect(lines.slice(1)).toEqual([HOSTILE, 'It began.']);
    expect(document.querySelector('img[src="x"]')).toBeNull();
  });
});
