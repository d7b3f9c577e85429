// Buttons, with a word or with an icon alone. An icon alone always has a label, shown as a tooltip.
import { Button as BaseButton } from '@base-ui/react/button';
import { Tooltip } from '@base-ui/react/tooltip';
import { LoaderCircle } from 'lucide-react';
import type { ComponentProps, ReactElement, ReactNode } from 'react';

/** How a button looks: `primary` for the one thing to do, `danger` for what cannot be undone. */
export type Look = 'primary' | 'normal' | 'quiet' | 'danger' | 'link';

interface Props extends Omit<ComponentProps<typeof BaseButton>, 'children' | 'className' | 'render'> {
  look?: Look | undefined;
  size?: 'normal' | 'small' | undefined;
  icon?: ReactElement | undefined;
  /** Shows a spinner, and takes no clicks. */
  busy?: boolean | undefined;
}

/** A button with a word. */
export function Button({
  look = 'normal',
  size,
  icon,
  busy,
  disabled,
  children,
  ...rest
}: Props & { children: ReactNode }): ReactNode {
  return (
    <BaseButton
      className="button"
      data-look={look}
      data-size={size}
      disabled={disabled === true || busy === true}
      focusableWhenDisabled={busy === true}
      aria-busy={busy}
      {...rest}
    >
      {busy ? <LoaderCircle size={16} className="spinner" aria-hidden /> : icon}
      {children}
    </BaseButton>
  );
}

/** A button with an icon alone. */
export function IconButton({
  label,
  look = 'quiet',
  size,
  icon,
  busy,
  disabled,
  ...rest
}: Props & { label: string; icon: ReactElement }): ReactNode {
  return (
    <Tip text={label}>
      <BaseButton
        className="button"
        data-look={look}
        data-size={size}
        data-icon-only=""
        aria-label={label}
        disabled={disabled === true || busy === true}
        {...rest}
      >
        {busy ? <LoaderCircle size={16} className="spinner" aria-hidden /> : icon}
      </BaseButton>
    </Tip>
  );
}

/** A text that appears beside an element when it is pointed at or focused. The element must not depend on it. */
export function Tip({ text, children }: { text: ReactNode; children: ReactElement }): ReactNode {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="positioner">
          <Tooltip.Popup className="tooltip">{text}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
