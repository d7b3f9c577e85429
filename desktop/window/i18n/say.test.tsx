// @vitest-environment happy-dom
import type { Problem } from '@imagebridge/desktop-contract';
import { cleanup, render, renderHook, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { ProblemNote } from '../kit/index.ts';
import { type Language, setLanguage, startTexts } from './index.ts';
import { useSay } from './say.ts';

afterEach(cleanup);

const problem: Problem = {
  kind: 'quota',
  message:
    'Could not upload part 3 of 7 of disk.raw on openstack "prod": the service answered: HTTP 413. Do it.',
  operation: 'upload part 3 of 7 of disk.raw',
  cloud: 'openstack "prod"',
  object: 'bucket/key',
  reason: 'the connection was reset.',
  status: 413,
  code: 'QuotaExceeded',
  serviceMessage: '<b>no room</b>',
  requestId: 'req-1',
  hint: 'Send the part again.',
};

const show = async (shown: Problem, language: Language = 'zh-CN') => {
  await startTexts(language);
  render(<ProblemNote problem={shown} />);
  return screen.getByRole('alert').textContent ?? '';
};

describe('a problem', () => {
  it('is said in English as the command line says it, with the advice on a line of its own', async () => {
    expect(await show(problem, 'en')).toMatch(
      /^Could not upload part 3 of 7 of disk\.raw on openstack "prod" \(bucket\/key\): the connection was reset; the service answered: HTTP 413, QuotaExceeded, <b>no room<\/b>, request id req-1\.Send the part again\./,
    );
  });

  it('does not name an object twice', async () => {
    const object = 'bucket/disk.raw';
    expect(await show({ ...problem, object }, 'en')).toContain(
      'disk.raw on openstack "prod": the connection',
    );
  });

  it.each([
    ['zh-CN', problem, '连接被重置'],
    ['zh-CN', { ...problem, reason: undefined }, '<b>no room</b> (QuotaExceeded)'],
    [
      'en',
      {
        ...problem,
        reason: undefined,
        status: undefined,
        code: undefined,
        serviceMessage: undefined,
        requestId: undefined,
      },
      'Could not upload',
    ],
  ] as const)('is brief in lists (%s)', async (language, shown, text) => {
    await startTexts(language);
    const { result } = renderHook(() => useSay().problem(shown));
    expect(result.current.brief).toContain(text);
    expect(result.current.brief).not.toContain('req-1');
  });

  it('is said in Chinese: what was tried, where, what came back, what to do', async () => {
    expect(await show(problem)).toMatch(
      /^无法上传 disk\.raw 的分段 3（共 7 个）（openstack "prod"，bucket\/key）：连接被重置；服务返回：HTTP 413，QuotaExceeded，<b>no room<\/b>，请求 ID req-1。请重新发送该分段。/,
    );
  });

  it('names no code of a service where nothing was asked of one', async () => {
    const text = await show({
      kind: 'refused',
      message: 'Could not publish a.img: it is empty (0 bytes) (empty-file).',
      operation: 'publish a.img',
      reason: 'it is empty (0 bytes)',
      code: 'empty-file',
    });
    expect(text).toMatch(/^无法上传 a\.img：.*0 字节.*。/);
    expect(text).not.toContain('服务返回');
  });

  it('that was kept without its parts is said as far as it is known', async () => {
    expect(await show({ kind: 'internal', message: 'Send the part again.' })).toMatch(/^请重新发送该分段。/);
    cleanup();
    expect(await show({ kind: 'internal', message: 'Kaput.' })).toMatch(/^Kaput\./);
  });

  it('changes its language with the window', async () => {
    expect(await show(problem, 'en')).toContain('Could not');
    await setLanguage('zh-CN');
    expect((await screen.findByText(/^无法/)).textContent).toContain('请求 ID req-1');
  });
});
