// The dialog of the action that was chosen.
import type { ReactNode } from 'react';
import type { ActionProps } from './action-dialog.tsx';
import type { ActionName } from './actions.ts';
import { CopyDialog } from './copy-dialog.tsx';
import { ActiveDialog, DeleteDialog } from './delete-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { ShareDialog } from './share-dialog.tsx';
import { DownloadDialog, ExportDialog, PromoteBaseDialog, PromoteDialog } from './transfer-dialogs.tsx';

const DIALOGS: Readonly<Record<ActionName, (props: ActionProps & { onDeleted: () => void }) => ReactNode>> = {
  edit: EditDialog,
  share: ShareDialog,
  copy: CopyDialog,
  download: DownloadDialog,
  export: ExportDialog,
  promote: PromoteDialog,
  'promote-base': PromoteBaseDialog,
  deactivate: ActiveDialog,
  reactivate: ActiveDialog,
  delete: DeleteDialog,
};

/** Draws it. */
export function ActionDialogs({
  action,
  ...props
}: ActionProps & { action: ActionName; onDeleted: () => void }): ReactNode {
  const Dialog = DIALOGS[action];
  return <Dialog {...props} />;
}
