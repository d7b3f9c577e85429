// The screen "settings".
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../kit/index.ts';

/** The screen. */
export function SettingsScreen(): ReactNode {
  const { t } = useTranslation();
  return <Page title={t('nav.settings')}>{null}</Page>;
}
