// What this program is, its keys, and what to give to support.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Facts, Page } from '../../kit/index.ts';
import { useAbout } from '../../state/hooks.ts';
import { systemName } from '../../state/system-name.ts';
import './about.css';
import { Diagnostics } from './diagnostics.tsx';
import { Shortcuts } from './shortcuts.tsx';

/** The screen. */
export function AboutScreen(): ReactNode {
  const { t } = useTranslation('about');
  const { version, variant, platform, node } = useAbout();
  return (
    <Page title={t('common:nav.about')} narrow>
      <div className="about">
        <header className="about-head">
          <img src={new URL('../../theme/logo.svg', import.meta.url).href} width={56} height={56} alt="" />
          <div>
            <h2 className="about-name">
              {t('common:appName')} <span className="muted numeric">{version}</span>
            </h2>
            <p className="muted">{t('tagline')}</p>
          </div>
        </header>
        <section className="card about-part" aria-label={t('facts')}>
          <h2>{t('facts')}</h2>
          <Facts
            facts={[
              [t('version'), version],
              [t('variant'), t(`variants.${variant}`)],
              [t('system'), systemName(platform)],
              [t('node'), `Node.js ${node.replace(/^v/, '')}`],
              [
                t('licence'),
                variant === 'app' ? `${t('licenceText')} ${t('licenceFile')}` : t('licenceText'),
              ],
            ]}
          />
        </section>
        <section className="card about-part" aria-label={t('shortcuts')}>
          <h2>{t('shortcuts')}</h2>
          <Shortcuts />
        </section>
        <section className="card about-part" aria-label={t('diagnostics.title')}>
          <h2>{t('diagnostics.title')}</h2>
          <Diagnostics />
        </section>
      </div>
    </Page>
  );
}
