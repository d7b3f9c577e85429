// What the core and the engine say, in the language of the window. They say it in English; a catalogue has the same sentences
// in other languages (`npm run sentences` keeps it up to date with the source).
import type { Problem } from '@imagebridge/desktop-contract';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Translator, translator } from './sentences/translator.ts';

const catalogues = import.meta.glob<{ default: Record<string, string> }>('./sentences/zh-CN/*.json');

/** Says a sentence of the core or the engine in the language of the window. */
let translated: Translator = (text) => text;

/** Prepares `useSay` for a language. The catalogue is loaded only for those who need it. */
export async function startSentences(language: string): Promise<void> {
  if (language !== 'zh-CN') {
    translated = (text) => text;
    return;
  }
  const parts = await Promise.all(Object.values(catalogues).map((load) => load()));
  translated = translator(parts.flatMap((part) => Object.entries(part.default)));
}

/** A problem in the language of the window: the whole of it, and the advice. */
export interface SaidProblem {
  message: string;
  hint?: string | undefined;
  /** Both, where there is one line only. */
  whole: string;
}

/** How to show what the core and the engine say. */
export interface Say {
  /** A sentence in the language of the window. Names and words of services stay as they are. */
  (text: string): string;
  /** A problem. In English it is the engine's own sentence. */
  problem(problem: Problem): SaidProblem;
}

const told = (message: string, hint: string | undefined): SaidProblem => ({
  message,
  hint,
  whole: hint && !message.includes(hint) ? `${message} ${hint}` : message,
});

/** Gives a component what it needs to show the engine's sentences. It is drawn again when the language changes. */
export function useSay(): Say {
  const { t, i18n } = useTranslation('common');
  const { language } = i18n;
  return useMemo(() => {
    const say = (text: string) => translated(text);
    const problem = (given: Problem): SaidProblem => {
      if (language === 'en') return told(given.message, given.hint);
      const { operation, reason, serviceMessage, code, status, requestId, cloud, object } = given;
      const hint = given.hint && say(given.hint);
      if (operation === undefined) return told(say(given.message), hint);
      const answer = [
        status === undefined ? undefined : `HTTP ${status}`,
        code === String(status) ? undefined : code,
        serviceMessage,
        requestId === undefined ? undefined : t('problem.requestIdOf', { id: requestId }),
      ].filter(Boolean);
      // What is refused here was never asked of a service: the code is that of a finding.
      const isOurs = given.kind === 'refused' && status === undefined;
      const came = [
        reason === undefined ? undefined : say(reason).replace(/[.。]$/u, ''),
        isOurs || answer.length === 0
          ? undefined
          : t('problem.answered', { answer: answer.join(t('problem.comma')) }),
      ].filter(Boolean);
      const where = [cloud, object && !operation.includes(object) ? object : undefined].filter(Boolean);
      return told(
        t(came.length > 0 ? 'problem.could' : 'problem.couldNot', {
          operation: say(operation),
          where: where.length > 0 ? t('problem.where', { where: where.join(t('problem.comma')) }) : '',
          came: came.join(t('problem.semicolon')),
        }),
        hint,
      );
    };
    return Object.assign(say, { problem });
  }, [t, language]);
}
