// Files that are dragged over the window: where they are, and what is shown meanwhile.
import { HardDriveUpload, MousePointerClick } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;

/** Calls `onDrop` with files that are dropped anywhere on the window; true while some are held over it. */
export function useFileDrop(onDrop: (files: readonly File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(onDrop);
  latest.current = onDrop;

  useEffect(() => {
    // Each element that is entered and left tells it: the window is left when the last one is.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth++;
      setOver(true);
    };
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) latest.current(files);
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return isOver;
}

/** What covers the window while files are held over it. */
export function DropOverlay({ hasPaths }: { hasPaths: boolean }): ReactNode {
  const { t } = useTranslation('add');
  const Icon = hasPaths ? HardDriveUpload : MousePointerClick;
  return (
    <div className="drop-overlay" role="status" data-refused={hasPaths ? undefined : ''}>
      <div className="drop-target">
        <Icon size={44} strokeWidth={1.5} aria-hidden />
        <strong>{t(hasPaths ? 'drop.title' : 'drop.webTitle')}</strong>
        <span>{t(hasPaths ? 'drop.hint' : 'drop.webHint')}</span>
      </div>
    </div>
  );
}
