// What is shown instead of a part of the window that failed. Touches the page's address only to load it again.
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, CopyButton, Note } from '../../kit/index.ts';
import './crash.css';

/** Where it is noted that the page was loaded again by itself, and when. */
const RELOADED = 'imagebridge.reloadedAt';
/** What fails again so soon is not helped by loading it, in ms. */
const RELOAD_ONCE_IN_MS = 30_000;

/** True for a file of the window that is not there: the engine has another version by now. */
const isOutdated = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  /dynamically imported module|module script failed|preload CSS/i.test(thrown.message);

/** Loads the page again, unless that was done a moment ago. */
function reloadOnce(): void {
  const now = Date.now();
  if (now - Number(sessionStorage.getItem(RELOADED) ?? 0) < RELOAD_ONCE_IN_MS) return;
  sessionStorage.setItem(RELOADED, String(now));
  location.reload();
}

/** Shows its children, or that they failed. A window that is older than the engine is loaded again by itself. */
export class Boundary extends Component<{ children: ReactNode; reload?: () => void }, { thrown?: unknown }> {
  override state: { thrown?: unknown } = {};

  static getDerivedStateFromError(thrown: unknown): { thrown: unknown } {
    return { thrown };
  }

  override componentDidCatch(thrown: unknown): void {
    if (isOutdated(thrown)) (this.props.reload ?? reloadOnce)();
  }

  override render(): ReactNode {
    return 'thrown' in this.state ? <Crashed thrown={this.state.thrown} /> : this.props.children;
  }
}

function Crashed({ thrown }: { thrown: unknown }): ReactNode {
  const { t } = useTranslation();
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return (
    <div className="crash">
      <Note tone="danger" title={t('crash.title')} live>
        <p>{t('crash.text')}</p>
        <div className="row wrap">
          <Button onClick={() => location.reload()}>{t('crash.reload')}</Button>
          <CopyButton text={text} label={t('problem.copy')} />
        </div>
      </Note>
    </div>
  );
}
