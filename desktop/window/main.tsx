// The start of the window.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import { App } from './app.tsx';
import { languageOf, startTexts } from './i18n/index.ts';
import './theme/tokens.css';
import './theme/base.css';
import './theme/frame.css';
import './kit/kit.css';
import { applyTheme } from './theme/use-theme.ts';

// The content security policy allows no code made of text, and trying it would be reported.
config({ jitless: true });
applyTheme('system');
await startTexts(languageOf('system'));
// A file that misses the drop area must not replace the window.
for (const type of ['dragover', 'drop']) window.addEventListener(type, (event) => event.preventDefault());
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
