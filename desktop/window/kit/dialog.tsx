// Dialogs, a drawer at the side, and a question before what cannot be undone.
import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './button.tsx';
import { Field, TextInput } from './field.tsx';

interface Props {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
}

/** What dialogs and drawers have in common: a head with a title and a cross, and a body that scrolls. */
function Inside({
  onClose,
  title,
  titleId,
  description,
  children,
}: Omit<Props, 'open'> & { titleId?: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <div className="dialog-head">
        <div className="grow">
          <BaseDialog.Title className="foreign" {...(titleId === undefined ? {} : { id: titleId })}>
            {title}
          </BaseDialog.Title>
          {description ? (
            <BaseDialog.Description render={<div />} className="muted small">
              {description}
            </BaseDialog.Description>
          ) : null}
        </div>
        <IconButton
          size="small"
          label={t('action.close')}
          icon={<X size={18} aria-hidden />}
          onClick={onClose}
        />
      </div>
      {/* It scrolls, so it can be reached by the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs it */}
      <div className="dialog-body" tabIndex={0}>
        {children}
      </div>
    </>
  );
}

/** Controls that a dialog can begin with. */
const CONTROLS =
  'input:not([type="hidden"], [tabindex="-1"], :disabled), textarea:not(:disabled), .select-trigger';

/** What has the focus first: a control of the body, else the main button; the cross would show its tooltip at once. */
function firstOf(popup: HTMLElement | null): HTMLElement | true {
  const controls = popup?.querySelectorAll<HTMLElement>(`.dialog-body :is(${CONTROLS})`) ?? [];
  const first = [...controls].find((one) => !one.matches('[type="radio"]:not(:checked)'));
  return (
    first ?? popup?.querySelector<HTMLElement>('.dialog-foot .button:last-child:not([disabled])') ?? true
  );
}

/**
 * A dialog. Escape, the cross and a click beside it close it, except while it is `busy`; one that is `sticky` (a form)
 * takes no notice of clicks beside it.
 */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  footer,
  size,
  busy,
  sticky,
}: Props & { footer?: ReactNode; size?: 'normal' | 'wide'; busy?: boolean; sticky?: boolean }): ReactNode {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <BaseDialog.Root
      open={open}
      onOpenChange={(isOpen) => !isOpen && busy !== true && onClose()}
      disablePointerDismissal={sticky ?? false}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="backdrop" />
        <BaseDialog.Popup
          ref={popup}
          className="dialog"
          data-size={size}
          initialFocus={() => firstOf(popup.current)}
        >
          <Inside onClose={onClose} title={title} description={description}>
            {children}
          </Inside>
          {footer ? <div className="dialog-foot">{footer}</div> : null}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Details at the side. The page stays in use. */
export function Drawer({ open, onClose, title, description, children }: Props): ReactNode {
  const titleId = useId();
  const popup = useRef<HTMLDivElement>(null);
  return (
    <BaseDialog.Root
      open={open}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      modal={false}
      disablePointerDismissal
    >
      <BaseDialog.Portal>
        {/* It is no modal: its place is a landmark of the page. */}
        <section aria-labelledby={titleId}>
          <BaseDialog.Popup ref={popup} initialFocus={popup} className="drawer">
            <Inside onClose={onClose} title={title} titleId={titleId} description={description}>
              {children}
            </Inside>
          </BaseDialog.Popup>
        </section>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Asks before something that cannot be undone; with `typed`, its name has to be typed. */
export function Confirm({
  open,
  onClose,
  title,
  children,
  confirm,
  onConfirm,
  typed,
  typedLabel,
  busy,
  look = 'danger',
  keep,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** The word on the button: what it does. */
  confirm: string;
  onConfirm: () => void;
  typed?: string;
  typedLabel?: string;
  busy?: boolean;
  /** `primary` for what is only a question. */
  look?: 'danger' | 'primary';
  /** The word on the other button, where "Cancel" could be taken for the deed. */
  keep?: string | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const close = () => {
    setText('');
    onClose();
  };
  return (
    <AlertDialog.Root open={open} onOpenChange={(isOpen) => !isOpen && busy !== true && close()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <div className="dialog-head">
            <AlertDialog.Title>{title}</AlertDialog.Title>
          </div>
          <div className="dialog-body col gap-3">
            <AlertDialog.Description render={<div />}>{children}</AlertDialog.Description>
            {typed === undefined ? null : (
              <Field label={typedLabel ?? typed}>
                <TextInput value={text} onChange={setText} />
              </Field>
            )}
          </div>
          <div className="dialog-foot">
            <Button onClick={close} disabled={busy ?? false}>
              {keep ?? t('action.cancel')}
            </Button>
            <Button
              look={look}
              busy={busy ?? false}
              disabled={typed !== undefined && text !== typed}
              onClick={onConfirm}
            >
              {confirm}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
