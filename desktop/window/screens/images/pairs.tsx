// Names with values from a service, each to be copied.
import type { ReactNode } from 'react';
import { CopyButton, visible, visibleText } from '../../kit/index.ts';

/** The list. @param upper names in capitals, as those of hashes are written */
export function Pairs({
  pairs,
  empty,
  upper,
}: {
  pairs: Readonly<Record<string, string>>;
  empty: string;
  upper?: boolean;
}): ReactNode {
  const entries = Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return <p className="muted">{empty}</p>;
  return (
    <dl className="image-pairs">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt className="row">
            <span className="grow foreign">{visible(upper ? name.toUpperCase() : name)}</span>
            <CopyButton text={value} />
          </dt>
          <dd className="mono foreign">{visibleText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
