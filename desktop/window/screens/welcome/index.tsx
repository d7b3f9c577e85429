// What somebody sees who has no cloud yet: three families, the try-out cloud, clouds.yaml.
import { ChevronRight, FileUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../kit/index.ts';
import { useAbout } from '../../state/hooks.ts';
import { hrefOf, navigate } from '../../state/route.ts';
import { FamilyIcon } from '../profiles/family-icon.tsx';
import { useTryOut } from '../profiles/try-out.tsx';
import '../profiles/profiles.css';
import './welcome.css';

const FAMILIES = ['ucloudstack', 'huaweicloud', 'openstack'] as const;

/** The first page. It stands in the place of a screen while there are no profiles. */
export function Welcome(): ReactNode {
  const { t } = useTranslation('welcome');
  const tryOut = useTryOut();
  const { variant } = useAbout();
  return (
    <section className="welcome">
      <div className="welcome-inner">
        <img src={new URL('../../theme/logo.svg', import.meta.url).href} width={52} height={52} alt="" />
        <h1>{t('title')}</h1>
        <p className="muted welcome-text">{t(`text.${variant}`)}</p>
        <ul className="welcome-families" aria-label={t('choose')}>
          {FAMILIES.map((family) => (
            <li key={family}>
              <a className="card welcome-family" href={hrefOf('profiles', { new: family })}>
                <FamilyIcon family={family} />
                <span className="grow">
                  <strong>{t(`common:family.${family}`)}</strong>
                  <span className="muted small">{t(`family.${family}`)}</span>
                </span>
                <ChevronRight size={18} aria-hidden />
              </a>
            </li>
          ))}
        </ul>
        <div className="welcome-others">
          <div className="welcome-other">
            <h2>{t('tryTitle')}</h2>
            <p className="muted small">{t('tryText')}</p>
            <Button onClick={tryOut.start} busy={tryOut.busy}>
              {t('try')}
            </Button>
            {tryOut.problem}
          </div>
          <div className="welcome-other">
            <h2>{t('importTitle')}</h2>
            <p className="muted small">{t('importText')}</p>
            <Button
              icon={<FileUp size={16} aria-hidden />}
              onClick={() => navigate('profiles', { import: '1' })}
            >
              {t('import')}
            </Button>
          </div>
        </div>
      </div>
    </section>
  );
}
