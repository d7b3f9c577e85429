// Which parts of a file are there: a map of cells, and the same in words.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';

/** By the digits of `TaskDetail.partStates`. */
const STATES = ['pending', 'checking', 'sending', 'confirmed'] as const;

/** The map. Nothing where the file travels in one piece. */
export function PartsMap({
  states,
  done,
  total,
  partSizeBytes,
}: {
  states: string;
  done: number;
  total: number;
  partSizeBytes: number;
}): ReactNode {
  const { t } = useTranslation('task');
  const formats = useFormats();
  if (states.length < 2) return null;
  const present = STATES.filter((_, digit) => states.includes(String(digit)));
  return (
    <section className="parts">
      <div className="row">
        <h3 className="grow">{t('parts.title')}</h3>
        <span className="small muted numeric">
          {t('parts.count', { done, total, size: formats.bytes(partSizeBytes) })}
        </span>
      </div>
      <div
        className="parts-map"
        role="img"
        aria-label={t('parts.count', { done, total, size: formats.bytes(partSizeBytes) })}
        data-many={states.length > 300 ? '' : undefined}
      >
        {[...states].map((digit, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
          <i key={i} data-state={digit} />
        ))}
      </div>
      <ul className="parts-legend small muted">
        {present.map((state) => (
          <li key={state}>
            <i data-state={STATES.indexOf(state)} aria-hidden />
            {t(`parts.${state}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}
