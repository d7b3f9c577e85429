// Where there is no keychain: says so, and asks before a file is used.

import type { Problem } from '@imagebridge/desktop-contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../../i18n/say.ts';
import { Confirm, Note, visible, visibleText } from '../../kit/index.ts';
import { useAsk } from '../../state/hooks.ts';

/** True for the refusal that the user may overrule. */
export const isWeakStore = (problem: Problem | undefined): boolean => problem?.kind === 'weak-store';

/** A remark while there is no keychain; else nothing. */
export function NoKeychainNote(): ReactNode {
  const { t } = useTranslation('profiles');
  const say = useSay();
  const { data } = useAsk('profiles.secretStore', {});
  if (data?.kind !== 'file') return null;
  return (
    <Note tone="warning" title={t('store.none')}>
      <span className="foreign">{t('store.noneText', { place: visible(say(data.place)) })}</span>
    </Note>
  );
}

/** The question, with what the engine says of the place. */
export function WeakStoreQuestion({
  problem,
  onClose,
  onAgree,
}: {
  problem: Problem | undefined;
  onClose: () => void;
  onAgree: () => void;
}): ReactNode {
  const { t } = useTranslation('profiles');
  const say = useSay();
  const weak = isWeakStore(problem) ? problem : undefined;
  return (
    <Confirm
      open={weak !== undefined}
      onClose={onClose}
      title={t('store.question')}
      confirm={t('store.confirm')}
      onConfirm={onAgree}
      look="primary"
    >
      <div className="col gap-3">
        <p className="foreign">{visibleText(weak ? say.problem(weak).message : '')}</p>
        <p className="muted">{t('store.advice')}</p>
      </div>
    </Confirm>
  );
}
