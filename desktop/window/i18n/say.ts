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

/** A problem in the language of the window. */
export interface SaidProblem {
  /** What was tried, where, and what came back. */
  message: string;
  /** What to do next. */
  hint?: string | undefined;
  /** Message and hint, where there is one line only. */
  whole: string;
  /** What came back, without more: for lists. */
  brief: string;
}

/** How to show what the core and the engine say. */
export interface Say {
  /** A sentence in the language of the window. Names and words of services stay as they are. */
  (text: string): string;
  /** A problem. */
  problem(problem: Problem): SaidProblem;
}

/** Gives a component what it needs to show the engine's sentences. It is drawn again when the language changes. */
export function useSay(): Say {
  const { t, i18n } = useTranslation('common');
  const { language } = i18n;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the catalogue changes with the language
  return useMemo(() => {
    const say = (text: string) => translated(text);
    const answered = (parts: readonly (string | undefined)[]) => {
      const answer = parts.filter(Boolean).join(t('problem.comma'));
      return answer === '' ? undefined : t('problem.answered', { answer });
    };
    const problem = ({ message, operation, ...given }: Problem): SaidProblem => {
      const { status, requestId, cloud, object } = given;
      const serviceMessage = given.serviceMessage?.replace(/[.。]$/u, '');
      const hint = given.hint && say(given.hint);
      if (operation === undefined) {
        // Kept from before, or not made of parts: the hint may stand in the message.
        const said = given.hint ? say(message.replace(given.hint, '').trim()) : say(message);
        return { message: said, hint, whole: joined(said, hint), brief: said };
      }
      const http = status === undefined ? undefined : `HTTP ${status}`;
      // Some services repeat the status as their code; the code of what was refused here is that of a finding.
      const isCode = given.code !== String(status) && (given.kind !== 'refused' || status !== undefined);
      const code = isCode ? given.code : undefined;
      const id = requestId === undefined ? undefined : t('problem.requestIdOf', { id: requestId });
      const reason = given.reason && say(given.reason).replace(/[.。]$/u, '');
      const came = [reason, answered([http, code, serviceMessage, id])].filter(Boolean);
      const isObjectNew = object !== undefined && !isNamed(object, operation);
      const where =
        cloud === undefined ? (isObjectNew ? 'object' : undefined) : isObjectNew ? 'both' : 'cloud';
      const said = t(came.length > 0 ? 'problem.could' : 'problem.couldNot', {
        operation: say(operation),
        where: where === undefined ? '' : t(`problem.on.${where}`, { cloud, object }),
        came: came.join(t('problem.semicolon')),
      });
      // Where there is little room, what the service says comes before how.
      const told = serviceMessage && [serviceMessage, code && `(${code})`].filter(Boolean).join(' ');
      const brief = reason || told || answered([http, code]) || said;
      return { message: said, hint, whole: joined(said, hint), brief };
    };
    return Object.assign(say, { problem });
  }, [t, language]);
}

/** True when an operation names its object: whole, or, of `bucket/key`, the key. */
const isNamed = (object: string, operation: string): boolean =>
  operation.includes(object) || operation.includes(object.slice(object.indexOf('/') + 1));

const joined = (message: string, hint: string | undefined): string =>
  [message, hint].filter(Boolean).join(/[。！？]$/u.test(message) ? '' : ' ');
