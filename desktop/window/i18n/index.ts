// Languages of the window: English and 简体中文. One file (namespace) per folder of screens; the keys of both languages are
// compared by a test. What the core and the engine say is English: a catalogue of their sentences gives it in other languages.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { startSentences } from './say.ts';

/** Languages that there are. */
export const LANGUAGES = ['en', 'zh-CN'] as const;
/** See `LANGUAGES`. */
export type Language = (typeof LANGUAGES)[number];

const files = import.meta.glob<{ default: Record<string, unknown> }>('./{en,zh-CN}/*.json', { eager: true });

/** All texts, by language and namespace. */
export const TEXTS: Readonly<Record<Language, Record<string, Record<string, unknown>>>> = {
  en: {},
  'zh-CN': {},
};
for (const [file, content] of Object.entries(files)) {
  const [, language, namespace] = /^\.\/(en|zh-CN)\/(.+)\.json$/.exec(file) ?? [];
  if (namespace !== undefined && (language === 'en' || language === 'zh-CN'))
    TEXTS[language][namespace] = content.default;
}

/** The language that a choice means on this system. */
export function languageOf(choice: Language | 'system', system = navigator.languages): Language {
  if (choice !== 'system') return choice;
  return system.some((tag) => /^zh\b/i.test(tag)) && /^zh\b/i.test(system[0] ?? '') ? 'zh-CN' : 'en';
}

/** Prepares the texts. Called once, before anything is shown. */
export async function startTexts(language: Language): Promise<void> {
  await startSentences(language);
  await i18next.use(initReactI18next).init({
    resources: TEXTS,
    lng: language,
    fallbackLng: 'en',
    ns: Object.keys(TEXTS.en),
    defaultNS: 'common',
    // React escapes by itself; escaping twice would show entities.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
}

/** Changes the language of everything that is shown. */
export async function setLanguage(language: Language): Promise<void> {
  document.documentElement.lang = language;
  await startSentences(language);
  if (i18next.language !== language) await i18next.changeLanguage(language);
}
