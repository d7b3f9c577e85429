// Light or dark: as chosen, or as the system has it at the moment.
import { useEffect } from 'react';

/** What can be chosen. */
export type Theme = 'system' | 'light' | 'dark';

const dark = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: dark)');

/** Shows a theme. */
export function applyTheme(theme: Theme): void {
  const shown = theme === 'system' ? (dark().matches ? 'dark' : 'light') : theme;
  document.documentElement.dataset.theme = shown;
}

/** Shows a theme, and follows the system where that is chosen. */
export function useTheme(theme: Theme): void {
  useEffect(() => {
    applyTheme(theme);
    const query = dark();
    const follow = () => applyTheme(theme);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, [theme]);
}
