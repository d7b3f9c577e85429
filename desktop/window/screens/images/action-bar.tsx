// The buttons of an image: what its cloud offers at hand, everything in a menu, and why something is not there.
import {
  ArrowUpFromLine,
  CirclePlay,
  CircleSlash,
  Copy,
  Download,
  Ellipsis,
  Layers,
  type LucideIcon,
  Milestone,
  PackageOpen,
  Pencil,
  Share2,
  Trash2,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton, Menu } from '../../kit/index.ts';
import type { ActionName, ImageAction } from './actions.ts';

const ICONS: Readonly<Record<ActionName, LucideIcon>> = {
  edit: Pencil,
  share: Share2,
  copy: Copy,
  download: Download,
  export: PackageOpen,
  promote: Milestone,
  'promote-base': ArrowUpFromLine,
  deactivate: CircleSlash,
  reactivate: CirclePlay,
  delete: Trash2,
};

/** Those that get a button of their own, as far as the cloud has them; so many at most. */
const AT_HAND: readonly ActionName[] = ['edit', 'share', 'copy', 'download', 'promote-base', 'export'];
const MOST_AT_HAND = 4;

/** The bar. */
export function ActionBar({
  actions,
  onAction,
}: {
  actions: readonly ImageAction[];
  onAction: (name: ActionName) => void;
}): ReactNode {
  const { t } = useTranslation('images');
  const atHand = AT_HAND.filter((name) =>
    actions.some((action) => action.name === name && action.obstacle === undefined),
  ).slice(0, MOST_AT_HAND);
  const hint = ({ obstacle }: ImageAction) =>
    obstacle === undefined
      ? undefined
      : obstacle.kind === 'cloud'
        ? obstacle.text
        : t(`obstacle.${obstacle.key}`);
  const items = actions.map((action) => {
    const Icon = ICONS[action.name] ?? Layers;
    return {
      label: t(`action.${action.name}`),
      icon: <Icon size={16} aria-hidden />,
      onClick: () => onAction(action.name),
      disabled: action.obstacle !== undefined,
      hint: hint(action),
      ...(action.name === 'delete' ? { look: 'danger' as const } : {}),
    };
  });
  return (
    <div className="row wrap">
      {atHand.map((name) => {
        const Icon = ICONS[name];
        return (
          <Button
            key={name}
            size="small"
            icon={<Icon size={16} aria-hidden />}
            onClick={() => onAction(name)}
          >
            {t(`short.${name}`)}
          </Button>
        );
      })}
      <Menu
        trigger={
          <IconButton
            size="small"
            look="normal"
            label={t('common:action.more')}
            icon={<Ellipsis size={16} aria-hidden />}
          />
        }
        items={[...items.slice(0, -1), undefined, ...items.slice(-1)]}
      />
    </div>
  );
}
