// A menu behind a button.
import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';

/** A line of a menu; `undefined` in a list is a separator. */
export interface MenuItem {
  label: string;
  icon?: ReactElement | undefined;
  onClick: () => void;
  disabled?: boolean | undefined;
  /** Why it is disabled, or what it does. */
  hint?: string | undefined;
  look?: 'danger' | undefined;
}

/** A menu that opens at its trigger, a button. */
export function Menu({
  trigger,
  items,
  defaultOpen = false,
}: {
  trigger: ReactElement;
  items: readonly (MenuItem | undefined)[];
  /** Open from the start: the menu is made when it is first asked for. */
  defaultOpen?: boolean;
}): ReactNode {
  return (
    <BaseMenu.Root defaultOpen={defaultOpen}>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner className="positioner" sideOffset={4} align="end">
          <BaseMenu.Popup className="popup">
            {items.map((item, i) =>
              item === undefined ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a separator has nothing else
                <BaseMenu.Separator key={i} className="item-separator" />
              ) : (
                <BaseMenu.Item
                  key={item.label}
                  className="item"
                  data-look={item.look}
                  disabled={item.disabled ?? false}
                  onClick={item.onClick}
                >
                  {item.icon}
                  <span>
                    {item.label}
                    {item.hint ? <span className="field-hint"> {item.hint}</span> : null}
                  </span>
                </BaseMenu.Item>
              ),
            )}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}
