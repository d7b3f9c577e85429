// What the dialogs of an image's actions have in common: a form, its problem, and two buttons.
import type { ActivityMethod, CloudView, ImageView, Problem } from '@imagebridge/desktop-contract';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Dialog, ProblemNote, useLeaving } from '../../kit/index.ts';
import { type Command, useCommand } from '../../state/hooks.ts';
import type { ChannelPlace } from './channels.ts';

/** The image that something is done with. */
export interface Target {
  cloud: CloudView;
  image: ImageView;
  /** Channels that it is or was in, as far as that is known. */
  channels?: readonly ChannelPlace[];
  /** How the engine is told which one. */
  place: { cloud: string; region?: string; imageId: string };
  /** Called when the image has been changed: its details are asked for again. */
  changed: () => void;
}

/** What each dialog is given. It is drawn while it is open. */
export interface ActionProps {
  target: Target;
  onClose: () => void;
}

/** A form in a dialog. Enter sends it. */
export function ActionDialog({
  title,
  description,
  confirm,
  isReady = true,
  isChanged = false,
  busy,
  problem,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  description?: ReactNode;
  /** The word on the button: what it does. */
  confirm: string;
  /** False while something is missing. */
  isReady?: boolean;
  /** True: it is asked before the form is left. */
  isChanged?: boolean;
  busy: boolean;
  problem: Problem | undefined;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const form = useId();
  const { leave, question } = useLeaving(isChanged, onClose);
  const answer = useRef<HTMLDivElement>(null);
  // It stands below the form, which may be longer than the dialog.
  useEffect(() => {
    if (problem !== undefined) answer.current?.scrollIntoView({ block: 'nearest' });
  }, [problem]);
  return (
    <Dialog
      open
      sticky
      busy={busy}
      onClose={leave}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={leave} disabled={busy}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" form={form} look="primary" busy={busy} disabled={!isReady}>
            {confirm}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !busy) onSubmit();
        }}
      >
        {children}
        {problem ? (
          <div ref={answer}>
            <ProblemNote problem={problem} />
          </div>
        ) : null}
      </form>
      {question}
    </Dialog>
  );
}

/** A command that begins work which goes on by itself: closes the dialog once it has begun. The drawer shows the work. */
export function useStarter<M extends ActivityMethod>(method: M, onClose: () => void): Command<M> {
  const command = useCommand(method);
  return {
    ...command,
    run: async (params) => {
      const result = await command.run(params);
      if (result !== undefined) onClose();
      return result;
    },
  };
}
