// Every field of every form can be read in both languages.
import { type Family, PROFILE_FORMS, profileTest, SIGN_IN_WAYS } from '@imagebridge/desktop-contract';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, TEXTS } from '../../i18n/index.ts';

const FAMILIES = Object.keys(PROFILE_FORMS) as Family[];

/** A text of the namespace, by a key with dots. */
function textAt(language: (typeof LANGUAGES)[number], key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>(
      (tree, name) => (typeof tree === 'object' && tree !== null ? Reflect.get(tree, name) : undefined),
      TEXTS[language].profiles,
    );
}

describe.each(LANGUAGES)('the texts of %s', (language) => {
  it.each(FAMILIES)('have a label for each field of %s, and a word for each choice', (family) => {
    for (const { name, choices } of PROFILE_FORMS[family]) {
      expect(textAt(language, `profileField.${name}`), name).toEqual(expect.any(String));
      for (const choice of choices ?? [])
        expect(textAt(language, `profileChoice.${name}.${choice}`), choice).toEqual(expect.any(String));
    }
    for (const way of SIGN_IN_WAYS[family])
      expect(textAt(language, `way.${way}`), way).toEqual(expect.any(String));
  });

  it('have hints for fields that there are, and no others', () => {
    for (const family of FAMILIES) {
      const names = PROFILE_FORMS[family].map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(Object.keys(textAt(language, `profileHint.${family}`) ?? {})),
      );
    }
  });

  it('have a name for each step of a test', () => {
    for (const step of profileTest.shape.steps.element.shape.step.options)
      expect(textAt(language, `profileTest.${step}`), step).toEqual(expect.any(String));
  });
});
