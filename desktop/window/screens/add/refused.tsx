// Files that were not taken, in one dialog: grouped by reason, because thousands may share one.

import type { Problem } from '@imagebridge/desktop-contract';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Say, useSay } from '../../i18n/say.ts';
import { Button, CopyButton, Dialog, VirtualList, visible } from '../../kit/index.ts';

/** A file that was not taken, and why. */
export interface Refused {
  path: string;
  problem: Problem;
}

/** A reason, and the files that it concerns. */
export interface RefusedGroup {
  reason: string;
  hint: string | undefined;
  paths: string[];
}

/** Rows of a group that are drawn without a scrolling list. */
const FEW = 6;

/**
 * Groups by reason, the largest group first. Messages that differ only by the file's path or name are one reason.
 */
export function groupRefused(refused: readonly Refused[], say: Say['problem']): RefusedGroup[] {
  const groups = new Map<string, RefusedGroup>();
  for (const { path, problem } of refused) {
    const name = path.split(/[\\/]/).at(-1) ?? path;
    const { message, hint } = say(problem);
    let reason = message.replaceAll(path, '…');
    if (name.length > 2) reason = reason.replaceAll(name, '…');
    const key = `${problem.kind} ${problem.code ?? ''} ${reason}`;
    const group = groups.get(key);
    if (group) {
      group.paths.push(path);
      group.reason = reason;
    } else groups.set(key, { reason: message, hint, paths: [path] });
  }
  return [...groups.values()].sort((a, b) => b.paths.length - a.paths.length);
}

/** Shows what was not taken. Open while there is something. */
export function RefusedDialog({
  refused,
  added,
  onClose,
}: {
  refused: readonly Refused[];
  /** How many of the same drop were added. */
  added: number;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation('add');
  const say = useSay();
  const groups = useMemo(() => groupRefused(refused, say.problem), [refused, say]);
  const text = useMemo(
    () => refused.map(({ path, problem }) => `${path}\t${problem.message}`).join('\n'),
    [refused],
  );
  return (
    <Dialog
      open={refused.length > 0}
      onClose={onClose}
      title={t('refused.title', { count: refused.length })}
      description={added > 0 ? t('refused.hint', { count: added }) : undefined}
      footer={
        <>
          <span className="grow">
            <CopyButton text={text} label={t('refused.copy')} />
          </span>
          <Button look="primary" onClick={onClose}>
            {t('common:action.close')}
          </Button>
        </>
      }
    >
      <div className="col gap-4">
        {groups.map((group) => (
          <section key={group.paths[0]} className="refused-group">
            <h3 className="foreign">{group.reason}</h3>
            {group.hint ? <p className="muted small foreign">{group.hint}</p> : null}
            {group.paths.length <= FEW ? (
              <ul>
                {group.paths.map((path) => (
                  <li key={path} className="refused-path foreign mono">
                    {visible(path)}
                  </li>
                ))}
              </ul>
            ) : (
              <div className="refused-many">
                <VirtualList
                  ids={group.paths}
                  rowHeightPx={24}
                  label={t('refused.list', { count: group.paths.length })}
                  row={(path) => <div className="refused-path foreign mono one-line">{visible(path)}</div>}
                />
              </div>
            )}
          </section>
        ))}
      </div>
    </Dialog>
  );
}
