// What a cloud can do and has, with its sentences in the language of the window.
import type { CloudView, Params, Result } from '@imagebridge/desktop-contract';
import { useMemo } from 'react';
import { type Say, useSay } from '../i18n/say.ts';
import { type Asked, useAsk } from './hooks.ts';

/** Asks for a cloud. With `undefined` nothing is asked. */
export function useCloudView(
  params: Params<'clouds.describe'> | undefined,
): Asked<Result<'clouds.describe'>> {
  const asked = useAsk('clouds.describe', params);
  const say = useSay();
  const { data } = asked;
  return { ...asked, data: useMemo(() => data && said(data, say), [data, say]) };
}

const said = (cloud: CloudView, say: Say): CloudView => ({
  ...cloud,
  abilities: Object.fromEntries(
    Object.entries(cloud.abilities).map(([name, value]) => [name, value === true ? value : say(value)]),
  ),
  imageName: { ...cloud.imageName, rule: say(cloud.imageName.rule) },
  description: { ...cloud.description, rule: say(cloud.description.rule) },
});
