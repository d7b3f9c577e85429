// What was found in a file, and what to do about it.

import type { Finding } from '@imagebridge/desktop-contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../../i18n/say.ts';
import { Note } from '../../kit/index.ts';

const TONES = { error: 'danger', warning: 'warning', info: 'info' } as const;
const WEIGHT = { error: 0, warning: 1, info: 2 };

/** Findings, the worst first. */
export function Findings({ findings }: { findings: readonly Finding[] }): ReactNode {
  const { t } = useTranslation('task');
  const say = useSay();
  if (findings.length === 0) return null;
  const sorted = [...findings].sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
  return (
    <ul className="findings" aria-label={t('findings')}>
      {sorted.map((finding) => (
        <li key={`${finding.code} ${finding.message}`}>
          <Note tone={TONES[finding.severity]} title={t(`finding.${finding.severity}`)}>
            <div className="foreign">{say(finding.message)}</div>
            {finding.remedy ? <div className="foreign muted">{say(finding.remedy)}</div> : null}
          </Note>
        </li>
      ))}
    </ul>
  );
}
