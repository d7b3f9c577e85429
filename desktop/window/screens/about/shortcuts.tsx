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

const WORDS = new Set(['to', 'or']);
const NAMED = new Set(['tab', 'shiftTab', 'space', 'enter', 'esc']);

/** The list of keys. */
export function Shortcuts(): ReactNode {
  const { t } = useTranslation('about');
  const { variant, platform } = useAbout();
  const nameOf = (key: string) => {
    if (key === 'Mod') return platform === 'darwin' ? '⌘' : 'Ctrl';
    return NAMED.has(key) ? t(`keys.${key}`) : key;
  };
  return (
    <dl className="shortcuts">
      {[...(variant === 'app' ? MENU : []), ...EVERYWHERE].map(({ what, keys }) => (
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
