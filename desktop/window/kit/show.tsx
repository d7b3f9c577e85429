// What only shows: badges, bars, notes, problems, empty places, facts.
import type { Problem } from '@imagebridge/desktop-contract';
import { CircleAlert, CircleCheck, Info, LoaderCircle, TriangleAlert } from 'lucide-react';
import { type ReactElement, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../i18n/say.ts';
import { Button } from './button.tsx';
import { visible, visibleText } from './visible.ts';

/** What a colour says. Never said by the colour alone. */
export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger';

/** A word in a pill. */
export function Badge({
  tone = 'neutral',
  icon,
  children,
}: {
  tone?: Tone;
  icon?: ReactElement;
  children: ReactNode;
}): ReactNode {
  return (
    <span className="badge" data-tone={tone}>
      {icon}
      {children}
    </span>
  );
}

/** A bar. @param fraction 0 to 1; undefined: not known, it moves */
export function Progress({
  fraction,
  label,
  tone,
}: {
  fraction: number | undefined;
  label: string;
  tone?: 'accent' | 'success' | 'warning' | 'danger' | 'muted';
}): ReactNode {
  const now = fraction === undefined ? undefined : Math.min(1, Math.max(0, fraction));
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={now === undefined ? undefined : Math.floor(now * 100)}
      data-tone={tone}
      data-unknown={now === undefined ? '' : undefined}
    >
      <div className="progress-bar" style={now === undefined ? undefined : { transform: `scaleX(${now})` }} />
    </div>
  );
}

const ICONS = { info: Info, warning: TriangleAlert, danger: CircleAlert, success: CircleCheck };

/** A remark with an icon. */
export function Note({
  tone = 'info',
  title,
  children,
  live,
}: {
  tone?: keyof typeof ICONS;
  title?: ReactNode;
  children?: ReactNode;
  /** Read aloud when it appears. */
  live?: boolean;
}): ReactNode {
  const Icon = ICONS[tone];
  return (
    <div className="note" data-tone={tone} role={live ? (tone === 'danger' ? 'alert' : 'status') : undefined}>
      <Icon size={16} aria-hidden />
      <div className="grow">
        {title ? <strong>{title}</strong> : null}
        {children ? <div>{children}</div> : null}
      </div>
    </div>
  );
}

/** The text of a problem to be copied: everything that support asks for. */
export function problemText(problem: Problem): string {
  const { message, kind, code, status, requestId, cloud, object } = problem;
  return Object.entries({ message, kind, code, status, requestId, cloud, object })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** A problem in full, to be copied. Texts of services are shown as text. */
export function ProblemNote({
  problem,
  title,
  action,
}: {
  problem: Problem;
  title?: string;
  action?: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const { message, hint } = useSay().problem(problem);
  const facts = [
    [t('problem.code'), problem.code],
    [t('problem.status'), problem.status?.toString()],
    [t('problem.requestId'), problem.requestId],
    // Most messages say them already.
  ].filter((pair): pair is [string, string] => pair[1] !== undefined && !message.includes(pair[1]));
  return (
    <Note tone="danger" title={title} live>
      <div className="foreign">{visibleText(message)}</div>
      {hint ? <div className="foreign">{visibleText(hint)}</div> : null}
      {facts.length > 0 ? (
        <div className="small muted foreign">
          {visible(facts.map(([name, value]) => `${name} ${value}`).join(' · '))}
        </div>
      ) : null}
      <div className="row wrap">
        {action}
        <CopyButton text={problemText(problem)} label={t('problem.copy')} />
      </div>
    </Note>
  );
}

/** Copies a text, and says so. */
export function CopyButton({ text, label }: { text: string; label?: string }): ReactNode {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <>
      <Button look="link" onClick={() => void copy()}>
        {copied ? t('action.copied') : (label ?? t('action.copy'))}
      </Button>
      {/* Beside the button: a live region inside of it would take its name away. */}
      <span role="status" className="sr-only">
        {copied ? t('action.copied') : ''}
      </span>
    </>
  );
}

/** Puts a text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Where the clipboard is not given (a page without a secure origin): by way of a selection.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

/** A place with nothing in it, and what to do about it. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactElement;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}): ReactNode {
  return (
    <div className="empty">
      {icon ? <span className="muted">{icon}</span> : null}
      <h2>{title}</h2>
      {children ? <div className="empty-text">{children}</div> : null}
      {action}
    </div>
  );
}

/** Something is being loaded. */
export function Loading({ label }: { label?: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="empty" role="status">
      <LoaderCircle size={24} className="spinner" aria-hidden />
      <span className="muted">{label ?? t('loading')}</span>
    </div>
  );
}

/** Names with values. What has no value is left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }): ReactNode {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
    </dl>
  );
}

const Fact = ({ name, value }: { name: string; value: ReactNode }): ReactNode => (
  <>
    <dt>{name}</dt>
    <dd className="foreign">{value}</dd>
  </>
);

/** A page: a head with a title and actions, and a body. */
export function Page({
  title,
  actions,
  children,
  narrow,
}: {
  title: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  narrow?: boolean;
}): ReactNode {
  return (
    <section className="page">
      <header className="page-head">
        <h1>{title}</h1>
        {actions ? <div className="row wrap">{actions}</div> : null}
      </header>
      <div className="page-body" data-narrow={narrow ? '' : undefined}>
        {children}
      </div>
    </section>
  );
}
