// One cloud in the list, and what can be done with it.
import type { ProfileView } from '@imagebridge/desktop-contract';
import { CopyPlus, Layers, MoreHorizontal, Star, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge, Button, Cut, IconButton, Menu, type MenuItem, visible } from '../../kit/index.ts';
import { navigate } from '../../state/route.ts';
import { FamilyIcon } from './family-icon.tsx';

/** What the list does for a card. */
export interface CardActions {
  test: (name: string) => void;
  remove: (name: string) => void;
  makeDefault: (profile: ProfileView) => void;
}

/** A card. @param isDefault it is what new uploads are for */
export function ProfileCard({
  profile,
  isDefault,
  actions,
}: {
  profile: ProfileView;
  isDefault: boolean;
  actions: CardActions;
}): ReactNode {
  const { t } = useTranslation('profiles');
  const { name, family, region, source, place, editable, isLocal } = profile;
  const shown = visible(name);
  const icon = { size: 16, 'aria-hidden': true } as const;
  const items: (MenuItem | undefined)[] = [
    { label: t('images'), icon: <Layers {...icon} />, onClick: () => navigate('images', { cloud: name }) },
    ...(isDefault
      ? []
      : [{ label: t('makeDefault'), icon: <Star {...icon} />, onClick: () => actions.makeDefault(profile) }]),
    ...(isLocal || family === undefined
      ? []
      : [
          {
            label: t(editable ? 'duplicate' : 'copyToMine'),
            icon: <CopyPlus {...icon} />,
            onClick: () => navigate('profiles', { copy: name }),
          },
        ]),
    ...(editable
      ? [
          undefined,
          {
            label: t('common:action.remove'),
            icon: <Trash2 {...icon} />,
            look: 'danger' as const,
            onClick: () => actions.remove(name),
          },
        ]
      : []),
  ];
  const sourceKey = source === 'clouds.yaml' ? 'clouds' : source;
  return (
    <article className="card profile-card" aria-label={shown}>
      <div className="profile-head">
        <FamilyIcon family={family} />
        <div className="grow">
          <h2 className="profile-name">
            <span className="foreign" title={shown}>
              {shown}
            </span>
            {isDefault ? <Badge tone="accent">{t('default')}</Badge> : null}
            {family === undefined ? <Badge tone="warning">{t('incomplete')}</Badge> : null}
          </h2>
          <p className="muted small foreign">
            {family ? `${t(`common:family.${family}`)} · ` : ''}
            {region ? t('region', { region: visible(region) }) : t('noRegion')}
          </p>
        </div>
      </div>
      {isLocal ? null : (
        <p className="profile-place muted small">
          <span>{t(`source.${sourceKey}`)} · </span>
          <Cut text={place} />
        </p>
      )}
      <div className="profile-actions">
        <Button size="small" aria-label={t('testFor', { name: shown })} onClick={() => actions.test(name)}>
          {t('test')}
        </Button>
        {editable ? (
          <Button
            size="small"
            aria-label={t('editFor', { name: shown })}
            onClick={() => navigate('profiles', { edit: name })}
          >
            {t('common:action.edit')}
          </Button>
        ) : null}
        <Menu
          trigger={
            <IconButton
              size="small"
              label={t('moreFor', { name: shown })}
              icon={<MoreHorizontal size={18} aria-hidden />}
            />
          }
          items={items}
        />
      </div>
    </article>
  );
}
