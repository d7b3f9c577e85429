// A path that is typed or pasted into the picker.

import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../../i18n/say.ts';
import { Button, Field, TextInput } from '../../kit/index.ts';
import { useConnection } from '../../state/connection.tsx';
import { problemOf } from '../../state/hooks.ts';
import { nameOf, parentOf } from './paths.ts';

/** Takes a path. A folder is gone to; a file is chosen, in its folder. */
export function PathField({
  onFolder,
  onFile,
}: {
  onFolder: (path: string) => void;
  onFile: (path: string, folder: string) => void;
}): ReactNode {
  const { t } = useTranslation('add');
  const { client } = useConnection();
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const say = useSay();

  const go = async () => {
    // Quotes come along when a path is copied from a shell or a file manager.
    const path = text.trim().replace(/^(["'])(.*)\1$/, '$2');
    if (path === '') return;
    setBusy(true);
    setError(undefined);
    try {
      try {
        onFolder((await client.call('files.list', { path })).path);
        setText('');
        return;
      } catch (thrown) {
        // It is no folder that may be looked into: perhaps a file. If not, the first refusal is the one to tell.
        const folder = parentOf(path);
        if (folder === undefined) throw thrown;
        const view = await client.call('files.list', { path: folder }).catch(() => undefined);
        const file = view?.entries.find((entry) => entry.kind === 'file' && entry.name === nameOf(path));
        if (view === undefined || file === undefined) throw thrown;
        onFile(file.path, view.path);
        setText('');
      }
    } catch (thrown) {
      setError(say.problem(problemOf(thrown)).whole);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void go();
  };
  return (
    <form className="picker-path" onSubmit={submit}>
      <div className="grow">
        <Field label={t('picker.path')} error={error ? <span className="foreign">{error}</span> : undefined}>
          <TextInput
            value={text}
            placeholder={t('picker.pathExample')}
            onChange={(value) => {
              setText(value);
              setError(undefined);
            }}
          />
        </Field>
      </div>
      <Button type="submit" busy={busy} disabled={text.trim() === ''}>
        {t('picker.go')}
      </Button>
    </form>
  );
}
