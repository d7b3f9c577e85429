// The keys that do something, of the app or of a browser.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAbout } from '../../state/hooks.ts';

interface Shortcut {
  /** Key of what it does, below `keys.`. */
  what: string;
  /** Names of keys; what is below `keys.` is translated. */
  keys: readonly string[];
}

/** Accelerators of the app's menu. A browser has other uses for these keys. */
const MENU: readonly Shortcut[] = [
  { what: 'add', keys: ['Mod', 'O'] },
  { what: 'find', keys: ['Mod', 'F'] },
  { what: 'screens', keys: ['Mod', '1', 'to', '5'] },
  { what: 'settings', keys: ['Mod', ','] },
  { what: 'pauseAll', keys: ['Mod', 'Shift', 'P'] },
  { what: 'resumeAll', keys: ['Mod', 'Shift', 'R'] },
  { what: 'quit', keys: ['Mod', 'Q'] },
];

const EVERYWHERE: readonly Shortcut[] = [
  { what: 'next', keys: ['tab', 'or', 'shiftTab'] },
  { what: 'press', keys: ['space', 'or', 'enter'] },
  { what: 'arrows', keys: ['↑', '↓', '←', '→'] },
  { what: 'escape', keys: ['esc'] },
];

/** Keys of the list of uploads, and of the form of one. */
const UPLOADS: readonly Shortcut[] = [
  { what: 'details', keys: ['enter'] },
  { what: 'pause', keys: ['space'] },
  { what: 'range', keys: ['Shift', '↑', '↓'] },
  { what: 'select', keys: ['Mod', 'space'] },
  { what: 'all', keys: ['Mod', 'A'] },
  { what: 'none', keys: ['esc'] },
  { what: 'move', keys: ['Alt', '↑', '↓'] },
  { what: 'ends', keys: ['Alt', 'Home', 'or', 'End'] },
  { what: 'remove', keys: ['Remove'] },
  { what: 'start', keys: ['Mod', 'enter'] },
];

const WORDS = new Set(['to', 'or']);
const NAMED = new Set(['tab', 'shiftTab', 'space', 'enter', 'esc']);

/** Keys that are others on a Mac. */
const MAC: Readonly<Record<string, string>> = { Mod: '⌘', Alt: '⌥', Remove: '⌘ ⌫' };
const ELSEWHERE: Readonly<Record<string, string>> = { Mod: 'Ctrl', Remove: 'Delete' };

/** The keys: those of all screens, and those of the uploads. */
export function Shortcuts(): ReactNode {
  const { t } = useTranslation('about');
  const { variant } = useAbout();
  return (
    <>
      <Keys shortcuts={[...(variant === 'app' ? MENU : []), ...EVERYWHERE]} />
      <h3>{t('keysOfUploads')}</h3>
      <Keys shortcuts={UPLOADS} />
    </>
  );
}

function Keys({ shortcuts }: { shortcuts: readonly Shortcut[] }): ReactNode {
  const { t } = useTranslation('about');
  // In a browser the keyboard is that of the machine that shows the window, not the engine's.
  const isMac = /mac/i.test(navigator.platform);
  const nameOf = (key: string) =>
    NAMED.has(key) ? t(`keys.${key}`) : ((isMac ? MAC : ELSEWHERE)[key] ?? key);
  return (
    <dl className="shortcuts">
      {shortcuts.map(({ what, keys }) => (
        <div key={what} className="shortcut">
          <dt>{t(`keys.${what}`)}</dt>
          <dd>
            {keys.map((key) =>
              WORDS.has(key) ? (
                <span key={key} className="muted small">
                  {t(`keys.${key}`)}
                </span>
              ) : (
                <kbd key={key}>{nameOf(key)}</kbd>
              ),
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
