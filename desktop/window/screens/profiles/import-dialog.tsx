// Clouds of a clouds.yaml become profiles: its text goes to the engine, the user chooses, the engine saves.
import type { ProfileDetail, Result } from '@imagebridge/desktop-contract';
import { FileUp } from 'lucide-react';
import { type ChangeEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Checkbox, Dialog, Field, Note, ProblemNote, TextArea, visible } from '../../kit/index.ts';
import { useCommand } from '../../state/hooks.ts';
import { ProfileDialog } from './profile-dialog.tsx';
import { isWeakStore, NoKeychainNote, WeakStoreQuestion } from './weak-store.tsx';

type Found = Result<'profiles.readCloudsYaml'>;
type Imported = Result<'profiles.importClouds'>;

/** Most characters that the contract takes. */
const LONGEST_TEXT = 1_000_000;

/**
 * Reads, lets choose, imports. What cannot be taken over as it is, is filled in by hand.
 * @param taken names that are in use
 * @param isFirst there is no other profile of the user
 */
export function ImportDialog({
  taken,
  isFirst,
  onClose,
}: {
  taken: readonly string[];
  isFirst: boolean;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation('profiles');
  const [found, setFound] = useState<Found>();
  const [done, setDone] = useState<Imported>();
  const [filling, setFilling] = useState<Found['clouds'][number]>();
  const frame = { onClose, title: t('import.title'), description: t('import.text') };
  if (done) return <Outcome {...frame} done={done} />;
  if (filling)
    return (
      <ProfileDialog
        subject={{ kind: 'new', family: 'openstack', given: detailOf(filling) }}
        taken={taken}
        isFirst={isFirst}
        onClose={() => setFilling(undefined)}
      />
    );
  if (found)
    return (
      <Choose
        {...frame}
        found={found}
        taken={taken}
        onBack={() => setFound(undefined)}
        onDone={setDone}
        onFill={setFilling}
      />
    );
  return <Read {...frame} onFound={setFound} />;
}

/** What a clouds.yaml tells of a cloud, for its form. */
const detailOf = ({ name, fields }: Found['clouds'][number]): ProfileDetail => ({
  profile: {
    ...{ name, family: 'openstack', source: 'clouds.yaml', place: 'clouds.yaml' },
    ...{ isDefault: false, editable: true, isLocal: false },
  },
  fields,
  secrets: [],
});

interface Frame {
  onClose: () => void;
  title: string;
  description: string;
}

function Read({ onFound, ...frame }: Frame & { onFound: (found: Found) => void }): ReactNode {
  const { t } = useTranslation('profiles');
  const [text, setText] = useState('');
  const [mistake, setMistake] = useState<string>();
  const picker = useRef<HTMLInputElement>(null);
  const read = useCommand('profiles.readCloudsYaml');

  const send = async (content: string) => {
    setMistake(undefined);
    if (content.trim() === '') return setMistake(t('import.empty'));
    if (content.length > LONGEST_TEXT) return setMistake(t('import.tooLarge'));
    const found = await read.run({ text: content });
    if (found) onFound(found);
  };
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    // The same file can be chosen again after it has been changed.
    event.target.value = '';
    if (file === undefined) return;
    if (file.size > LONGEST_TEXT) return setMistake(t('import.tooLarge'));
    const reader = new FileReader();
    reader.addEventListener('load', () => void send(String(reader.result)));
    reader.addEventListener('error', () => setMistake(t('import.unreadable')));
    reader.readAsText(file);
  };

  return (
    <Dialog
      open
      sticky
      {...frame}
      footer={
        <>
          <Button onClick={frame.onClose}>{t('common:action.cancel')}</Button>
          <Button look="primary" busy={read.busy} onClick={() => void send(text)}>
            {t('import.read')}
          </Button>
        </>
      }
    >
      <div className="col gap-4 import-text">
        <div className="row wrap">
          <Button icon={<FileUp size={16} aria-hidden />} onClick={() => picker.current?.click()}>
            {t('import.choose')}
          </Button>
          <span className="muted">{t('import.or')}</span>
        </div>
        <input
          ref={picker}
          type="file"
          accept=".yaml,.yml,.txt"
          className="sr-only"
          tabIndex={-1}
          aria-hidden
          data-testid="clouds-yaml"
          onChange={take}
        />
        <Field label={t('import.label')} hint={t('import.hint')} error={mistake}>
          <TextArea
            value={text}
            onChange={setText}
            rows={9}
            spellCheck={false}
            placeholder={'clouds:\n  mycloud:\n    auth:\n      auth_url: …'}
          />
        </Field>
        <NoKeychainNote />
        {read.problem ? <ProblemNote problem={read.problem} /> : null}
      </div>
    </Dialog>
  );
}

function Choose({
  found,
  taken,
  onBack,
  onDone,
  onFill,
  ...frame
}: Frame & {
  found: Found;
  taken: readonly string[];
  onBack: () => void;
  onDone: (done: Imported) => void;
  onFill: (cloud: Found['clouds'][number]) => void;
}): ReactNode {
  const { t } = useTranslation('profiles');
  const possible = found.clouds
    .filter(({ name, problem }) => problem === undefined && !taken.includes(name))
    .map(({ name }) => name);
  const [chosen, setChosen] = useState<readonly string[]>(possible);
  const importing = useCommand('profiles.importClouds');
  const go = async (allowFile: boolean) => {
    const done = await importing.run({ importId: found.importId, names: [...chosen], allowFile });
    if (done) onDone(done);
  };
  return (
    <Dialog
      open
      sticky
      {...frame}
      busy={importing.busy}
      footer={
        <>
          <Button onClick={onBack}>{t('common:action.back')}</Button>
          <Button
            look="primary"
            busy={importing.busy}
            disabled={chosen.length === 0}
            onClick={() => void go(false)}
          >
            {t('import.go', { count: chosen.length })}
          </Button>
        </>
      }
    >
      {found.clouds.length === 0 ? (
        <Note>{t('import.nothing')}</Note>
      ) : (
        <fieldset className="import-list">
          <legend className="field-label">{t('import.which')}</legend>
          {possible.length > 1 ? (
            <Checkbox
              label={t('import.all')}
              checked={chosen.length === possible.length}
              indeterminate={chosen.length > 0 && chosen.length < possible.length}
              onChange={(all) => setChosen(all ? possible : [])}
            />
          ) : null}
          {found.clouds.map((cloud) => {
            const { name, fields, problem } = cloud;
            return (
              <div key={name} className="import-item">
                <Checkbox
                  label={visible(name)}
                  hint={
                    taken.includes(name)
                      ? t('import.there')
                      : visible(
                          [
                            fields.region,
                            fields.username ?? fields.application_credential_id,
                            fields.auth_url,
                          ]
                            .filter(Boolean)
                            .join(' · '),
                        )
                  }
                  disabled={!possible.includes(name)}
                  checked={chosen.includes(name)}
                  onChange={(on) => setChosen(on ? [...chosen, name] : chosen.filter((one) => one !== name))}
                />
                {problem && !taken.includes(name) ? (
                  <ProblemNote
                    problem={problem}
                    action={
                      <Button look="link" onClick={() => onFill(cloud)}>
                        {t('import.fill')}
                      </Button>
                    }
                  />
                ) : null}
              </div>
            );
          })}
        </fieldset>
      )}
      {importing.problem && !isWeakStore(importing.problem) ? (
        <ProblemNote problem={importing.problem} />
      ) : null}
      <WeakStoreQuestion
        problem={importing.problem}
        onClose={importing.clear}
        onAgree={() => void go(true)}
      />
    </Dialog>
  );
}

function Outcome({ done, ...frame }: Frame & { done: Imported }): ReactNode {
  const { t } = useTranslation('profiles');
  return (
    <Dialog
      open
      {...frame}
      footer={
        <Button look="primary" onClick={frame.onClose}>
          {t('common:action.done')}
        </Button>
      }
    >
      <div className="col gap-3">
        {done.imported.length > 0 ? (
          <Note tone="success" live title={t('import.done', { count: done.imported.length })}>
            <span className="foreign">{visible(done.imported.join(', '))}</span>
          </Note>
        ) : null}
        {done.failed.map(({ name, problem }) => (
          <ProblemNote key={name} title={t('import.failed', { name: visible(name) })} problem={problem} />
        ))}
      </div>
    </Dialog>
  );
}
