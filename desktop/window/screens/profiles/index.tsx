// The clouds: profiles of the user, of the environment, of clouds.yaml, and the try-out cloud. `edit=NAME` opens a form,
// `copy=NAME` one with its settings, `new=FAMILY` an empty one, `import=1` the import.

import { family as familySchema, type ProfileView, type Result } from '@imagebridge/desktop-contract';
import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../../i18n/say.ts';
import {
  Button,
  Confirm,
  Dialog,
  Empty,
  Facts,
  Loading,
  Note,
  Page,
  ProblemNote,
  useToast,
  visible,
  visibleText,
} from '../../kit/index.ts';
import { useConnection } from '../../state/connection.tsx';
import { problemOf, useAsk, useCommand, useProfiles, useSettings, useWarnings } from '../../state/hooks.ts';
import { navigate, useRoute } from '../../state/route.ts';
import { Welcome } from '../welcome/index.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { type CardActions, ProfileCard } from './profile-card.tsx';
import { ProfileDialog } from './profile-dialog.tsx';
import './profiles.css';
import { TestDialog } from './test-steps.tsx';
import { TryOut } from './try-out.tsx';

const close = () => navigate('profiles', {}, { replace: true });

/** The screen. */
export function ProfilesScreen(): ReactNode {
  const { params } = useRoute();
  const profiles = useProfiles();
  const taken = profiles.map(({ name }) => name);
  const isFirst = profiles.every(({ isLocal }) => isLocal);
  const asked = params.edit ?? params.copy;
  return (
    <>
      {profiles.length === 0 ? <Welcome /> : <List profiles={profiles} />}
      {params.new === undefined ? null : (
        <ProfileDialog
          key={`new ${params.new}`}
          subject={{ kind: 'new', family: familySchema.catch('ucloudstack').parse(params.new) }}
          taken={taken}
          isFirst={isFirst}
          onClose={close}
        />
      )}
      {asked === undefined ? null : (
        <Existing
          key={`${params.edit === undefined} ${asked}`}
          name={asked}
          copy={params.edit === undefined}
          taken={taken}
        />
      )}
      {params.import === undefined ? null : <ImportDialog taken={taken} isFirst={isFirst} onClose={close} />}
    </>
  );
}

function List({ profiles }: { profiles: readonly ProfileView[] }): ReactNode {
  const { t } = useTranslation('profiles');
  const say = useSay();
  const warnings = useWarnings();
  const { defaultCloud } = useSettings();
  const { actions, dialogs, problem } = useActions();
  const own = profiles.filter(({ isLocal }) => !isLocal);
  const locals = profiles.filter(({ isLocal }) => isLocal);
  const chosen = profiles.some(({ name }) => name === defaultCloud) ? defaultCloud : undefined;
  const cards = (some: readonly ProfileView[]) => (
    <div className="profile-grid">
      {some.map((profile) => (
        <ProfileCard
          key={profile.name}
          profile={profile}
          isDefault={chosen === undefined ? profile.isDefault : profile.name === chosen}
          actions={actions}
        />
      ))}
    </div>
  );
  return (
    <Page
      title={t('common:nav.clouds')}
      actions={
        <>
          <Button onClick={() => navigate('profiles', { import: '1' })}>{t('importYaml')}</Button>
          <Button
            look="primary"
            icon={<Plus size={16} aria-hidden />}
            onClick={() => navigate('profiles', { new: own[0]?.family ?? 'ucloudstack' })}
          >
            {t('add')}
          </Button>
        </>
      }
    >
      <div className="profiles">
        <p className="muted">{t('intro')}</p>
        {problem}
        {warnings.length > 0 ? (
          <Note tone="warning" title={t('warnings')}>
            <ul className="col">
              {warnings.map((warning) => (
                <li key={warning} className="foreign">
                  {visibleText(say(warning))}
                </li>
              ))}
            </ul>
          </Note>
        ) : null}
        {own.length > 0 ? cards(own) : <Empty title={t('none.title')}>{t('none.text')}</Empty>}
        <TryOut>{cards(locals)}</TryOut>
      </div>
      {dialogs}
    </Page>
  );
}

/** What the cards do, and the dialogs that it takes. */
function useActions(): { actions: CardActions; dialogs: ReactNode; problem: ReactNode } {
  const { t } = useTranslation('profiles');
  const { client } = useConnection();
  const toast = useToast();
  const [tested, setTested] = useState<string>();
  const [leaving, setLeaving] = useState<string>();
  const [problem, setProblem] = useState<ReactNode>();
  const settings = useSettings();
  const say = useSay();
  const removal = useCommand('profiles.remove');

  const makeDefault = async (profile: ProfileView) => {
    const { name } = profile;
    setProblem(undefined);
    try {
      if (profile.editable && profile.family) {
        // The command line has the same default.
        const { fields } = await client.call('profiles.detail', { name });
        const form = { name, family: profile.family, fields, secrets: {} };
        await client.call('profiles.save', { form, overwrite: true, makeDefault: true, allowFile: false });
        if (settings.defaultCloud !== undefined) await client.call('app.setSettings', { defaultCloud: null });
      } else await client.call('app.setSettings', { defaultCloud: name });
      toast({ title: t('nowDefault', { name: visible(name) }) });
    } catch (thrown) {
      setProblem(<ProblemNote problem={problemOf(thrown)} />);
    }
  };
  const remove = async (name: string) => {
    const done = await removal.run({ name });
    if (done === undefined) return;
    setLeaving(undefined);
    const notes = done.notes.map((note) => say(note)).join(' ');
    toast({ title: t('remove.done', { name: visible(name) }), body: visibleText(notes) });
  };
  return {
    problem,
    actions: {
      test: setTested,
      remove: setLeaving,
      makeDefault: (profile) => void makeDefault(profile),
    },
    dialogs: (
      <>
        {tested === undefined ? null : <TestDialog name={tested} onClose={() => setTested(undefined)} />}
        <Confirm
          open={leaving !== undefined}
          onClose={() => {
            setLeaving(undefined);
            removal.clear();
          }}
          title={t('remove.title', { name: visible(leaving ?? '') })}
          confirm={t('remove.confirm')}
          onConfirm={() => void remove(leaving ?? '')}
          busy={removal.busy}
        >
          <div className="col gap-3">
            <p>{t('remove.text')}</p>
            {removal.problem ? <ProblemNote problem={removal.problem} /> : null}
          </div>
        </Confirm>
      </>
    ),
  };
}

/** The form of a profile that is there, once the engine has told what is in it. */
function Existing({
  name,
  copy,
  taken,
}: {
  name: string;
  copy: boolean;
  taken: readonly string[];
}): ReactNode {
  const { t } = useTranslation('profiles');
  const { data, problem } = useAsk('profiles.detail', { name });
  if (data && (copy || data.profile.editable)) {
    const family = data.profile.family ?? 'ucloudstack';
    return (
      <ProfileDialog
        subject={{ kind: copy ? 'copy' : 'edit', detail: data, family }}
        taken={taken}
        isFirst={false}
        onClose={close}
      />
    );
  }
  if (data) return <ReadOnly detail={data} />;
  return (
    <Dialog open onClose={close} title={<span className="foreign">{visible(name)}</span>}>
      {problem ? <ProblemNote problem={problem} /> : <Loading label={t('form.loading')} />}
    </Dialog>
  );
}

/** A profile that is changed where it comes from. */
function ReadOnly({ detail }: { detail: Result<'profiles.detail'> }): ReactNode {
  const { t } = useTranslation('profiles');
  const { name, family, region, place, isLocal } = detail.profile;
  return (
    <Dialog
      open
      onClose={close}
      title={<span className="foreign">{visible(name)}</span>}
      footer={
        <>
          {isLocal || family === undefined ? null : (
            <Button onClick={() => navigate('profiles', { copy: name }, { replace: true })}>
              {t('copyToMine')}
            </Button>
          )}
          <Button look="primary" onClick={close}>
            {t('common:action.close')}
          </Button>
        </>
      }
    >
      <div className="col gap-4">
        {detail.problem ? <ProblemNote title={t('form.broken')} problem={detail.problem} /> : null}
        <p className="foreign">
          {isLocal ? t('readOnly.local') : t('readOnly.text', { place: visible(place) })}
        </p>
        {isLocal ? null : <p>{t('readOnly.copy')}</p>}
        <Facts
          facts={[
            [t('form.family'), family ? t(`common:family.${family}`) : undefined],
            [t('profileField.region'), region && visible(region)],
          ]}
        />
      </div>
    </Dialog>
  );
}
