// Short messages in the corner, for what has happened elsewhere.
import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';

/** Shows what `useToast` says. */
export function Toasts({ children }: { children: ReactNode }): ReactNode {
  return (
    <Toast.Provider limit={4} timeout={7000}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList(): ReactNode {
  const { t } = useTranslation();
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast">
      <div className="grow foreign">
        <Toast.Title className="toast-title" />
        <Toast.Description className="muted" />
      </div>
      <Toast.Close
        render={<IconButton size="small" label={t('action.dismiss')} icon={<X size={16} aria-hidden />} />}
      />
    </Toast.Root>
  ));
}

/** Says something in the corner. `urgent` is read aloud at once. */
export function useToast(): (message: { title: string; body?: string; urgent?: boolean }) => void {
  const { add } = Toast.useToastManager();
  return ({ title, body, urgent }) =>
    void add({
      title,
      description: body,
      priority: urgent ? 'high' : 'low',
      ...(urgent ? { timeout: 12_000 } : {}),
    });
}
