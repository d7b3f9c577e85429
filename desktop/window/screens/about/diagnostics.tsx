// One text for support: shown before it goes anywhere, copied or saved by the user.
import type { Result } from '@imagebridge/desktop-contract';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, CopyButton, Note, ProblemNote, visible, visibleText } from '../../kit/index.ts';
import { useCommand } from '../../state/hooks.ts';
import { bridge } from '../../state/transport.ts';
import { saveAs } from '../history/save.ts';

type Bundle = Result<'app.diagnostics'>;

/** The place of the diagnostics on the screen. */
export function Diagnostics(): ReactNode {
  const { t } = useTranslation('about');
  const { run, busy, problem } = useCommand('app.diagnostics');
  const [bundle, setBundle] = useState<Bundle>();
  const make = async () => setBundle(await run({}));
  return (
    <div className="col gap-3">
      <p className="muted">{t('diagnostics.text')}</p>
      <div className="row wrap gap-3">
        <Button onClick={() => void make()} busy={busy}>
          {bundle ? t('diagnostics.again') : t('diagnostics.show')}
        </Button>
        {bundle ? <Save key={bundle.fileName} bundle={bundle} /> : null}
      </div>
      {problem ? <ProblemNote problem={problem} /> : null}
      {bundle ? <Preview text={bundle.text} /> : null}
    </div>
  );
}

function Preview({ text }: { text: string }): ReactNode {
  const { t } = useTranslation('about');
  const id = useId();
  return (
    <section className="diagnostics-text" aria-labelledby={id}>
      <div className="row diagnostics-head">
        <span id={id} className="grow field-label">
          {t('diagnostics.label')}
        </span>
        <CopyButton text={text} label={t('diagnostics.copy')} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs it */}
      <pre className="foreign" tabIndex={0}>
        {text}
      </pre>
    </section>
  );
}

function Save({ bundle: { fileName, text } }: { bundle: Bundle }): ReactNode {
  const { t } = useTranslation('about');
  const [path, setPath] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const shell = bridge();
  const save = async () => {
    setFailure(undefined);
    try {
      const saved = await saveAs(fileName, text);
      if (saved !== null) setPath(saved || fileName);
    } catch (thrown) {
      setFailure(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  return (
    <>
      <Button onClick={() => void save()}>{t('diagnostics.save')}</Button>
      {path === undefined ? null : (
        <Note tone="success" live>
          <span className="foreign">
            {t(shell ? 'diagnostics.savedAt' : 'diagnostics.saved', { path: visible(path) })}
          </span>{' '}
          {shell ? (
            <Button look="link" onClick={() => void shell.reveal(path)}>
              {t('diagnostics.reveal')}
            </Button>
          ) : null}
        </Note>
      )}
      {failure === undefined ? null : (
        <Note tone="danger" live>
          <span className="foreign">{t('diagnostics.notSaved', { reason: visibleText(failure) })}</span>
        </Note>
      )}
    </>
  );
}
