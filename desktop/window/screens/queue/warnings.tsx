// What the user should know of the list of uploads itself: that it was damaged, or cannot be written.
import type { ReactNode } from 'react';
import { useSay } from '../../i18n/say.ts';
import { Note, visibleText } from '../../kit/index.ts';
import { useTaskWarnings } from '../../state/hooks.ts';

/** The warnings; nothing where there are none. */
export function Warnings(): ReactNode {
  const say = useSay();
  return useTaskWarnings().map((warning) => (
    <Note key={warning} tone="warning" live>
      <span className="foreign">{visibleText(say(warning))}</span>
    </Note>
  ));
}
