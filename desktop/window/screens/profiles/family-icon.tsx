// The sign of a family of clouds.
import type { Family } from '@imagebridge/desktop-contract';
import { Boxes, CircleHelp, Cloud, FlaskConical, type LucideIcon, Server } from 'lucide-react';
import type { ReactNode } from 'react';

const ICONS: Readonly<Record<Family, LucideIcon>> = {
  ucloudstack: Server,
  huaweicloud: Cloud,
  openstack: Boxes,
};

/** A tile with the family's sign. `local`: the try-out cloud. It says nothing that is not said in words beside it. */
export function FamilyIcon({ family, local }: { family: Family | undefined; local?: boolean }): ReactNode {
  const Icon = local ? FlaskConical : family === undefined ? CircleHelp : ICONS[family];
  return (
    <span className="family-icon" data-family={local ? 'local' : family} aria-hidden>
      <Icon size={20} />
    </span>
  );
}
