// The screen "activities".
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../kit/index.ts';

/** The screen. */
export function ActivitiesScreen(): ReactNode {
  const { t } = useTranslation();
  return <Page title={t('nav.activity')}>{null}</Page>;
}
