// The entries of a folder in the picker: folders to go into, files to choose.
import type { FileEntry } from '@imagebridge/desktop-contract';
import { Check, File, Folder } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { Cut, useRoving, VirtualList } from '../../kit/index.ts';

/** Entries in their order. Enter and Space open or choose, Backspace goes up. */
export function PickerList({
  entries,
  chosen,
  onOpen,
  onToggle,
  onUp,
}: {
  entries: readonly FileEntry[];
  chosen: ReadonlySet<string>;
  onOpen: (entry: FileEntry) => void;
  onToggle: (entry: FileEntry) => void;
  onUp: () => void;
}): ReactNode {
  const { t } = useTranslation('add');
  const formats = useFormats();
  const ids = useMemo(() => entries.map(({ path }) => path), [entries]);
  const roving = useRoving(ids);
  const onKeyDown = (event: KeyboardEvent) => {
    if (roving.onKey(event)) return;
    if (event.key === 'Backspace') {
      event.preventDefault();
      onUp();
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the rows inside
    <div ref={roving.ref} className="picker-fill" onKeyDown={onKeyDown}>
      <VirtualList
        ids={ids}
        rowHeightPx={36}
        label={t('picker.list')}
        active={roving.active}
        turn={roving.turn}
        rowsTakeFocus
        fixed
        row={(id, index) => {
          const entry = entries[index];
          if (entry === undefined) return null;
          const isFolder = entry.kind === 'folder';
          const isChosen = chosen.has(id);
          return (
            <button
              type="button"
              className="picker-entry"
              data-roving={id}
              data-kind={entry.kind}
              data-chosen={isChosen ? '' : undefined}
              aria-pressed={isFolder ? undefined : isChosen}
              tabIndex={index === roving.active ? 0 : -1}
              onClick={() => {
                roving.go(index);
                if (isFolder) onOpen(entry);
                else onToggle(entry);
              }}
            >
              {isFolder ? (
                <span />
              ) : (
                <span className="picker-mark">
                  {isChosen ? <Check size={14} strokeWidth={3} aria-hidden /> : null}
                </span>
              )}
              {isFolder ? <Folder size={18} aria-hidden /> : <File size={18} aria-hidden />}
              <Cut text={entry.name} />
              <span className="picker-size numeric">
                {entry.sizeBytes === undefined || isFolder ? '' : formats.bytes(entry.sizeBytes)}
              </span>
              <span className="picker-date numeric">
                {entry.modifiedAt === undefined ? '' : formats.dateTime(entry.modifiedAt)}
              </span>
            </button>
          );
        }}
      />
    </div>
  );
}
