// Saves a setting at once, and shows at its place that it is saved or why it is not.

import type { SettingsChange } from '@imagebridge/desktop-contract';
import { Check } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../../i18n/say.ts';
import { useCommand } from '../../state/hooks.ts';

/** How long "Saved" is seen, in ms. */
const SEEN_MS = 2500;

/** The saving of one setting. */
export interface Saving {
  save: (change: SettingsChange) => void;
  /** "Saved", for a moment. */
  mark: ReactNode;
  /** Why it was not saved. */
  error: string | undefined;
}

/** Saves one setting. */
export function useSaving(): Saving {
  const { t } = useTranslation('settings');
  const say = useSay();
  const { run, problem } = useCommand('app.setSettings');
  const [savedCount, setSavedCount] = useState(0);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (savedCount === 0) return;
    setSeen(true);
    const timer = setTimeout(() => setSeen(false), SEEN_MS);
    return () => clearTimeout(timer);
  }, [savedCount]);
  const save = async (change: SettingsChange) => {
    setSeen(false);
    if (await run(change)) setSavedCount((count) => count + 1);
  };
  return {
    save: (change) => void save(change),
    error: problem && say.problem(problem).whole,
    mark: (
      <span className="saved" role="status">
        {isSeen ? (
          <>
            <Check size={14} aria-hidden /> {t('saved')}
          </>
        ) : null}
      </span>
    ),
  };
}
