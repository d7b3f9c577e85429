// Shares against a scripted Glance, which calls them members.
import { afterEach, describe, expect, it } from 'vitest';
import { ConflictError, NotFoundError, PermissionError } from '../../model/index.ts';
import {
  all,
  answer,
  bodyOf,
  failure,
  openTestCloud,
  PROJECT_ID,
  refuse,
  type Script,
  type TestCloud,
  wireImage,
} from './test-cloud.ts';

let test: TestCloud | undefined;
afterEach(async () => {
  await test?.close();
  test = undefined;
});

async function open(script: Script): Promise<TestCloud> {
  test = await openTestCloud((request, response) =>
    request.url.startsWith('/v2/') ? script(request, response) : undefined,
  );
  return test;
}
const member = (project: string, status = 'pending') => ({
  member_id: project,
  image_id: 'i-1',
  status,
  created_at: '2026-01-02T03:04:05Z',
  update_at: '2026-01-02T03:04:06',
});

describe('shares', () => {
  it('are listed, with times under either name', async () => {
    const t = await open((_, response) =>
      answer(response, 200, { members: [member('p-2'), member('p-3', 'Accepted')] }),
    );
    expect(await all(t.cloud.listShares('i-1'))).toEqual([
      {
        imageId: 'i-1',
        projectId: 'p-2',
        status: 'pending',
        createdAt: new Date('2026-01-02T03:04:05Z'),
        updatedAt: new Date('2026-01-02T03:04:06Z'),
      },
      expect.objectContaining({ projectId: 'p-3', status: 'accepted' }),
    ]);
  });

  it('of an image that allows none are none', async () => {
    const t = await open((request, response) =>
      request.url.endsWith('/members')
        ? refuse(
            response,
            403,
            'Forbidden',
            'Not allowed to list members for image i-1: Only shared images have members.',
          )
        : answer(response, 200, wireImage('i-1', { visibility: 'private' })),
    );
    expect(await all(t.cloud.listShares('i-1'))).toEqual([]);
  });

  it('that may not be listed are refused', async () => {
    const t = await open((request, response) =>
      request.url.endsWith('/members')
        ? refuse(response, 403, 'Forbidden', 'x')
        : answer(response, 200, wireImage('i-1')),
    );
    expect(await failure(all(t.cloud.listShares('i-1')))).toBeInstanceOf(PermissionError);
  });

  it('are added once: a second time is no error', async () => {
    let there = false;
    const t = await open((request, response) => {
      if (request.method === 'GET') return answer(response, 200, member('p-2'));
      if (there) return refuse(response, 409, 'Conflict', 'Image member p-2 already exists');
      there = true;
      return answer(response, 200, member('p-2'));
    });
    expect(await t.cloud.addShare('i-1', 'p-2')).toEqual({ id: 'done:i-1' });
    expect(await t.cloud.addShare('i-1', 'p-2')).toEqual({ id: 'done:i-1' });
    expect(bodyOf(t.received[1])).toEqual({ member: 'p-2' });
  });

  it('that conflict with something else stay a conflict', async () => {
    const t = await open((request, response) =>
      request.method === 'GET'
        ? refuse(response, 404, 'Not Found', 'x')
        : refuse(response, 409, 'Conflict', 'something else'),
    );
    expect(await failure(t.cloud.addShare('i-1', 'p-2'))).toBeInstanceOf(ConflictError);
  });

  it('of a private image say that it must be shared first', async () => {
    const t = await open((request, response) =>
      request.method === 'GET'
        ? answer(response, 200, wireImage('i-1', { visibility: 'private' }))
        : refuse(response, 403, 'Forbidden', 'Not allowed to create members for image i-1.'),
    );
    const error = await failure(t.cloud.addShare('i-1', 'p-2'));
    expect(error).toBeInstanceOf(PermissionError);
    expect(error.details.hint).toBe('The image is private: set its visibility to "shared" first.');
  });

  it('are answered for the own project', async () => {
    const t = await open((_, response) => answer(response, 200, member(PROJECT_ID, 'accepted')));
    expect(await t.cloud.answerShare('i-1', 'accepted')).toEqual({ id: 'done:i-1' });
    expect(t.calls()).toEqual([`PUT /v2/images/i-1/members/${PROJECT_ID}`]);
    expect(bodyOf(t.received.at(-1))).toEqual({ status: 'accepted' });
  });

  it('that nobody offered cannot be answered', async () => {
    const t = await open((_, response) => refuse(response, 404, 'Not Found', 'x'));
    expect(await failure(t.cloud.answerShare('i-1', 'rejected'))).toBeInstanceOf(NotFoundError);
  });
});
