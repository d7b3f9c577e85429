// @vitest-environment happy-dom
// The screen of the clouds over a fake engine: secrets stay away, questions are asked, tests tell what failed.
import {
  EngineError,
  type ProfileDetail,
  type ProfileTest,
  type ProfileView,
} from '@imagebridge/desktop-contract';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { navigate } from '../../state/route.ts';
import { renderWith, someTask } from '../../testing/fake-engine.tsx';
import { ProfilesScreen } from './index.tsx';

const view = (over: Partial<ProfileView> = {}): ProfileView => ({
  name: 'east',
  family: 'huaweicloud',
  region: 'r-1',
  source: 'file',
  place: '/p.yaml',
  isDefault: true,
  editable: true,
  isLocal: false,
  ...over,
});
const local = view({ name: 'local', isLocal: true, editable: false, isDefault: false });
const KEYCHAIN = { kind: 'keychain', place: 'the keychain of this system' } as const;
const detail: ProfileDetail = {
  profile: view(),
  fields: { region: 'r-1', domain: 'acme', user: 'ada' },
  secrets: [
    { field: 'password', kind: 'keychain', place: 'the keychain of this system' },
    { field: 'proxy', kind: 'profile', place: '/home/ada/profiles.yaml' },
  ],
};
const common = {
  'profiles.secretStore': () => KEYCHAIN,
  'profiles.detail': () => detail,
};
const weak = () =>
  new EngineError({ kind: 'weak-store', message: 'The secrets would be kept unencrypted in /s.json.' });

const hello = { profiles: [view(), view({ name: 'west', isDefault: false })] };
const button = (name: string | RegExp) => screen.findByRole('button', { name });

beforeEach(() => navigate('profiles', {}, { replace: true }));
afterEach(cleanup);

describe('the form of a profile that is there', () => {
  it('shows no secret, only that it is kept, and sends none that is not new', async () => {
    navigate('profiles', { edit: 'east' }, { replace: true });
    const { last } = await renderWith(<ProfilesScreen />, {
      hello,
      answers: { ...common, 'profiles.save': () => ({ kept: [] }) },
    });
    const password = await screen.findByLabelText('Password');
    expect((password as HTMLInputElement).value).toBe('');
    expect(password.getAttribute('type')).toBe('password');
    screen.getByText('Kept in the keychain; type to replace');
    screen.getByText('Stands as text in /home/ada/profiles.yaml; type to replace');
    expect((screen.getByLabelText('Region') as HTMLInputElement).value).toBe('r-1');
    await userEvent.click(await button('Save'));
    await waitFor(() =>
      expect(last('profiles.save')).toEqual({
        form: { name: 'east', family: 'huaweicloud', fields: detail.fields, secrets: {} },
        overwrite: true,
        makeDefault: true,
        allowFile: false,
      }),
    );
    await waitFor(() => expect(window.location.hash).toBe('#/profiles'));
  });

  it('takes away a secret that is not needed', async () => {
    navigate('profiles', { edit: 'east' }, { replace: true });
    const { last } = await renderWith(<ProfilesScreen />, {
      hello,
      answers: { ...common, 'profiles.save': () => ({ kept: [] }) },
    });
    await userEvent.click(await screen.findByText('Advanced'));
    await userEvent.click(await button('Remove it'));
    screen.getByText(/It is removed when you save/);
    await userEvent.click(await button('Save'));
    await waitFor(() => expect(last('profiles.save')?.form.secrets).toEqual({ proxy: '' }));
  });

  it('asks before what was entered is lost', async () => {
    navigate('profiles', { edit: 'east' }, { replace: true });
    await renderWith(<ProfilesScreen />, { hello, answers: common });
    await userEvent.type(await screen.findByLabelText('Password'), 'new');
    await userEvent.click(await button('Cancel'));
    const question = await screen.findByRole('alertdialog');
    await userEvent.click(within(question).getByRole('button', { name: 'Discard' }));
    await waitFor(() => expect(window.location.hash).toBe('#/profiles'));
  });

  it('is none where a profile is changed elsewhere', async () => {
    navigate('profiles', { edit: 'env' }, { replace: true });
    const profile = view({
      name: 'env',
      source: 'environment',
      place: 'the variables OS_*',
      editable: false,
    });
    await renderWith(<ProfilesScreen />, {
      hello: { profiles: [profile] },
      answers: { ...common, 'profiles.detail': () => ({ ...detail, profile }) },
    });
    await screen.findByText(/It comes from the variables OS_\* and is changed there/);
    expect(screen.queryByLabelText('Password')).toBeNull();
    await userEvent.click(await button('Copy to my clouds'));
    await screen.findByText(/Secrets are not copied/);
    expect((screen.getByLabelText('Name') as HTMLInputElement).value).toBe('env-2');
  });
});

describe('a new cloud', () => {
  it('says at each field what is missing, and sends nothing', async () => {
    navigate('profiles', { new: 'openstack' }, { replace: true });
    const { calls } = await renderWith(<ProfilesScreen />, { hello, answers: common });
    await userEvent.click(await button('Save'));
    expect(await screen.findAllByText('Please fill this in.')).toHaveLength(4);
    await screen.findByText('4 fields need your attention.');
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByLabelText('Identity service (auth URL)')),
    );
    await userEvent.type(screen.getByLabelText('Identity service (auth URL)'), 'keystone');
    await screen.findByText(/This is no address/);
    expect(calls.map(({ method }) => method)).not.toContain('profiles.save');
  });

  it('asks before secrets go to a file', async () => {
    navigate('profiles', { new: 'ucloudstack' }, { replace: true });
    const { calls } = await renderWith(<ProfilesScreen />, {
      hello,
      answers: {
        ...common,
        'profiles.secretStore': () => ({ kind: 'file', place: '/s.json' }),
        'profiles.save': ({ allowFile }) => {
          if (!allowFile) throw weak();
          return { kept: ['The secret is kept in /s.json.'] };
        },
      },
    });
    await screen.findByText('No keychain here');
    await userEvent.type(await screen.findByLabelText('API address'), 'https://c.example/api');
    await userEvent.type(screen.getByLabelText('Region'), 'cn');
    await userEvent.type(screen.getByLabelText('Public key'), 'pub');
    await userEvent.type(screen.getByLabelText('Private key'), 'priv');
    await userEvent.click(await button('Save'));
    const question = await screen.findByRole('alertdialog');
    expect(question.textContent).toContain('The secrets would be kept unencrypted in /s.json.');
    await userEvent.click(within(question).getByRole('button', { name: 'Keep them in the file' }));
    await screen.findByText('Its secrets are kept unencrypted in /s.json.');
    const saves = calls.filter(({ method }) => method === 'profiles.save').map(({ params }) => params);
    expect(saves).toEqual([
      expect.objectContaining({ allowFile: false, overwrite: false }),
      expect.objectContaining({ allowFile: true, overwrite: false }),
    ]);
  });
});

describe('a test', () => {
  const failed: ProfileTest = {
    ok: false,
    steps: [
      { step: 'settings', outcome: 'works', detail: 'huaweicloud, region r-1' },
      { step: 'reach', outcome: 'works', detail: 'iam.example' },
      {
        step: 'sign-in',
        outcome: 'failed',
        problem: {
          kind: 'authentication',
          message: '<img src=x> wrong password',
          hint: 'Type it again.',
          requestId: 'req-7',
        },
      },
      { step: 'project', outcome: 'not-tried' },
      { step: 'list-images', outcome: 'not-tried' },
      { step: 'upload', outcome: 'not-tried' },
    ],
  };

  it('shows each step, and of what failed the reason, the remedy and the request id, as text', async () => {
    const { last } = await renderWith(<ProfilesScreen />, {
      hello,
      answers: { ...common, 'profiles.test': () => failed },
    });
    await userEvent.click(await button('Test east'));
    const dialog = await screen.findByRole('dialog');
    await within(dialog).findByText('<img src=x> wrong password');
    expect(dialog.querySelector('img')).toBeNull();
    within(dialog).getByText('Type it again.');
    within(dialog).getByText(/req-7/);
    within(dialog).getByRole('button', { name: 'Copy error details' });
    const steps = within(dialog).getAllByRole('listitem');
    expect(steps.map((step) => step.dataset.outcome)).toEqual([
      'works',
      'works',
      'failed',
      'not-tried',
      'not-tried',
      'not-tried',
    ]);
    expect(last('profiles.test')).toEqual({ name: 'east' });
  });

  it('tries what is filled in before it is saved, and forgets the result when that changes', async () => {
    navigate('profiles', { edit: 'east' }, { replace: true });
    const { last, calls } = await renderWith(<ProfilesScreen />, {
      hello,
      answers: {
        ...common,
        'profiles.test': () => ({
          ok: true,
          steps: [{ step: 'list-images', outcome: 'works', detail: '50+' }],
        }),
      },
    });
    await userEvent.type(await screen.findByLabelText('Password'), 'new one');
    await userEvent.click(await button('Test'));
    await screen.findByText(/50 images or more/);
    expect(last('profiles.test')).toMatchObject({ form: { secrets: { password: 'new one' } } });
    expect(calls.map(({ method }) => method)).not.toContain('profiles.save');
    await userEvent.type(screen.getByLabelText('Region'), '2');
    expect(screen.queryByText(/50 images or more/)).toBeNull();
  });
});

describe('clouds.yaml', () => {
  const found = {
    importId: 'i-1',
    clouds: [
      { name: 'lab', fields: { region: 'RegionOne' } },
      { name: 'east', fields: { region: 'x' } },
      { name: 'odd', fields: {}, problem: { kind: 'invalid-input', message: 'auth_url is missing' } },
      { name: 'two', fields: { region: 'RegionTwo' } },
    ],
  };

  it('is read from a file, chosen from and imported; what is there already is left out', async () => {
    navigate('profiles', { import: '1' }, { replace: true });
    const { last } = await renderWith(<ProfilesScreen />, {
      hello,
      answers: {
        ...common,
        'profiles.readCloudsYaml': () => found,
        'profiles.importClouds': ({ allowFile, names }) => {
          if (!allowFile) throw weak();
          return {
            imported: names,
            failed: [{ name: 'late', problem: { kind: 'local-file', message: 'disk full' } }],
            kept: [],
          };
        },
      },
    });
    const file = new File(['clouds: {}'], 'clouds.yaml');
    await userEvent.upload(await screen.findByTestId('clouds-yaml'), file);
    await screen.findByText('Which ones?');
    expect(last('profiles.readCloudsYaml')).toEqual({ text: 'clouds: {}' });
    screen.getByText('There is a cloud of this name already.');
    screen.getByText('auth_url is missing');
    await userEvent.click(screen.getByRole('checkbox', { name: 'two' }));
    await userEvent.click(await button('Import 1 cloud'));
    const question = await screen.findByRole('alertdialog');
    await userEvent.click(within(question).getByRole('button', { name: 'Keep them in the file' }));
    await screen.findByText('1 cloud is imported.');
    await screen.findByText('late was not imported');
    expect(last('profiles.importClouds')).toEqual({ importId: 'i-1', names: ['lab'], allowFile: true });
  });

  it('fills the form with what is known of a cloud that cannot be taken over', async () => {
    navigate('profiles', { import: '1' }, { replace: true });
    const fields = { region: 'RegionOne', auth_url: 'https://keystone.test/v3', username: 'ada' };
    const problem = { kind: 'invalid-input', message: 'the field password is missing' };
    await renderWith(<ProfilesScreen />, {
      hello,
      answers: {
        ...common,
        'profiles.readCloudsYaml': () => ({ importId: 'i-2', clouds: [{ name: 'bare', fields, problem }] }),
      },
    });
    await userEvent.upload(await screen.findByTestId('clouds-yaml'), new File(['clouds: {}'], 'clouds.yaml'));
    await userEvent.click(await button('Fill in by hand'));
    await screen.findByDisplayValue('bare');
    screen.getByDisplayValue('ada');
    screen.getByDisplayValue('https://keystone.test/v3');
  });

  it('is asked for', async () => {
    navigate('profiles', { import: '1' }, { replace: true });
    await renderWith(<ProfilesScreen />, { hello, answers: common });
    await userEvent.click(await button('Read'));
    await screen.findByText('Paste the text, or choose the file.');
  });
});

describe('the list', () => {
  it('makes a profile of the file the default for all programs', async () => {
    const { last } = await renderWith(<ProfilesScreen />, {
      hello,
      answers: { ...common, 'profiles.save': () => ({ kept: [] }) },
    });
    await userEvent.click(await button('More for west'));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Make default' }));
    await screen.findByText('west is the default now.');
    expect(last('profiles.save')).toMatchObject({
      form: { name: 'west', secrets: {} },
      makeDefault: true,
      overwrite: true,
    });
  });

  it('removes only after a confirmation', async () => {
    const { calls, last } = await renderWith(<ProfilesScreen />, {
      hello,
      answers: { ...common, 'profiles.remove': () => ({ notes: [] }) },
    });
    await userEvent.click(await button('More for west'));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Remove' }));
    const question = await screen.findByRole('alertdialog');
    expect(calls.map(({ method }) => method)).not.toContain('profiles.remove');
    await userEvent.click(within(question).getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(last('profiles.remove')).toEqual({ name: 'west' }));
  });

  it('shows names and warnings as text', async () => {
    const { container } = await renderWith(<ProfilesScreen />, {
      hello: { profiles: [view({ name: '<img src=x>' })], warnings: ['<script>alert(1)</script>'] },
      answers: common,
    });
    await screen.findByText('<img src=x>');
    screen.getByText('<script>alert(1)</script>');
    expect(container.querySelector('img, script')).toBeNull();
  });
});

describe('the try-out cloud', () => {
  it.each([
    ['app', /drop a disk image/],
    ['web', /add a disk image/],
  ] as const)('the first page of the %s speaks of what works there', async (variant, words) => {
    await renderWith(<ProfilesScreen />, { hello: { variant } });
    screen.getByText(words);
  });

  it('is started from the first page, which then gives way to what to do next', async () => {
    const started = { profiles: ['local'] };
    const { emit, calls } = await renderWith(<ProfilesScreen />, {
      answers: { ...common, 'localCloud.start': () => started },
    });
    await userEvent.click(await button('Try it without an account'));
    await waitFor(() => expect(calls.at(-1)?.method).toBe('localCloud.start'));
    emit({ type: 'profiles', profiles: [local], warnings: [] });
    await screen.findByText(/Now choose a disk image/);
  });

  it('is stopped at once, but not without a question while something is sent to it', async () => {
    const { calls } = await renderWith(<ProfilesScreen />, {
      hello: { profiles: [local], tasks: [someTask({ cloud: 'local', state: 'uploading' })] },
      answers: { ...common, 'localCloud.stop': () => null },
    });
    await userEvent.click(await button('Stop it'));
    const question = await screen.findByRole('alertdialog');
    expect(calls.map(({ method }) => method)).not.toContain('localCloud.stop');
    await userEvent.click(within(question).getByRole('button', { name: 'Stop it' }));
    await waitFor(() => expect(calls.at(-1)?.method).toBe('localCloud.stop'));
  });
});
