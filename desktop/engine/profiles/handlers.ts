// What the window can do with profiles. A secret goes in and never comes back.
import type { Clock, NewProfile, Profile, ProfileDescription } from '@imagebridge/core';
import { EngineError, type Problem, type ProfileForm } from '@imagebridge/desktop-contract';
import type { Directory } from '../clouds/directory.ts';
import type { HandlersOf } from '../context.ts';
import { problemOf } from '../problem.ts';
import { flatFields, profileOfForm } from './form.ts';
import { PendingImports } from './imports.ts';
import { tryProfile } from './try-profile.ts';

/** The handlers, and what ends them. */
export interface ProfilesPart {
  handlers: HandlersOf<'profiles'>;
  stop(): void;
}

/** Makes the handlers of `profiles.*`. */
export function openProfiles(directory: Directory, clock: Clock): ProfilesPart {
  const imports = new PendingImports(clock);

  /** The profile of this name in the user's file. */
  async function inFile(name: string): Promise<ProfileDescription | undefined> {
    const profiles = directory.editable(false);
    const found = profiles.list().some((one) => one.name === name && one.kind === 'file');
    return found ? profiles.describe(name) : undefined;
  }

  async function ofForm(form: ProfileForm): Promise<Profile> {
    const profile = profileOfForm(form, await inFile(form.name));
    return directory.editable(false).preview(form.name, { ...profile, overwrite: true });
  }

  /** @returns where its secrets are kept, as sentences */
  async function write(name: string, profile: NewProfile, allowFile: boolean): Promise<string[]> {
    refuseLocal(name);
    if (!allowFile && (profile.secretFields ?? []).length > 0) await refuseWeakStore();
    const kept = await directory.editable(allowFile).add(name, profile);
    directory.forget(name);
    directory.refresh();
    return kept;
  }

  async function refuseWeakStore(): Promise<void> {
    const { kind, place, reason } = await directory.secretPlace();
    if (kind === 'keychain') return;
    throw new EngineError({
      kind: 'weak-store',
      message: `The secrets would be kept unencrypted in the file ${place}, which only you may read${reason === undefined ? '' : ` (${reason})`}.`,
      hint: 'Agree to that, or make the keychain of this system usable and try again.',
    });
  }

  function refuseLocal(name: string): void {
    if (!directory.isLocal(name)) return;
    throw new EngineError({
      kind: 'conflict',
      message: `The profile "${name}" belongs to the embedded cloud and is not changed.`,
      hint: 'Choose another name, or stop the embedded cloud.',
    });
  }

  /** Names are checked here first: the core's advice is for the command line. */
  async function refuseTaken(name: string): Promise<void> {
    if ((await inFile(name)) === undefined) return;
    throw new EngineError({
      kind: 'conflict',
      message: `There is a profile "${name}" already.`,
      hint: 'Choose another name, or change that profile.',
    });
  }

  const handlers: HandlersOf<'profiles'> = {
    'profiles.detail': async ({ name }) => {
      const { view, description } = await directory.describe(name);
      const { problem: reason } = description;
      const problem: Problem | undefined =
        reason === undefined
          ? undefined
          : {
              kind: 'invalid-input',
              message: `The profile "${name}" cannot be used: ${reason}.`.replace('..', '.'),
            };
      return {
        profile: view,
        fields: flatFields(description),
        secrets: description.secrets.map(({ field, kind, place, name: at }) => ({
          ...{ field, kind, place: at ?? place },
        })),
        ...(problem === undefined ? {} : { problem }),
      };
    },

    'profiles.test': (asked, signal) =>
      tryProfile(
        directory,
        () => ('form' in asked ? ofForm(asked.form) : directory.profile(asked.name)),
        clock,
        signal,
      ),

    'profiles.save': async ({ form, overwrite, makeDefault, allowFile }) => {
      refuseLocal(form.name);
      if (!overwrite) await refuseTaken(form.name);
      const profile = profileOfForm(form, await inFile(form.name));
      return { kept: await write(form.name, { ...profile, overwrite, makeDefault }, allowFile) };
    },

    'profiles.remove': async ({ name }) => {
      refuseLocal(name);
      const { removed, left } = await directory.editable(false).remove(name);
      directory.forget(name);
      directory.refresh();
      const gone = removed.length === 0 ? [] : [`Its stored secrets are removed: ${removed.join(', ')}.`];
      return { notes: [...gone, ...left] };
    },

    'profiles.secretStore': async () => {
      const { kind, place, reason } = await directory.secretPlace();
      return { kind, place, ...(reason === undefined ? {} : { reason }) };
    },

    'profiles.readCloudsYaml': ({ text }) => {
      const { importId, clouds } = imports.read(text);
      return {
        importId,
        clouds: clouds.map(({ name, fields, problem }) => ({
          name,
          fields: flatFields({ fields, secrets: [] }),
          ...(problem === undefined ? {} : { problem: problemOf(problem) }),
        })),
      };
    },

    'profiles.importClouds': async ({ importId, names, allowFile }) => {
      const chosen = imports.get(importId).filter(({ name }) => names.includes(name));
      const withSecrets = chosen.some(({ secrets }) => secrets.size > 0);
      if (!allowFile && withSecrets) await refuseWeakStore();
      const done = {
        imported: [] as string[],
        failed: [] as { name: string; problem: Problem }[],
        kept: [] as string[],
      };
      for (const { name, fields, secrets } of chosen) {
        try {
          await refuseTaken(name);
          const secretFields = [...secrets.keys()];
          done.kept.push(
            ...(await write(name, { fields, secretFields, readSecrets: async () => secrets }, allowFile)),
          );
          done.imported.push(name);
        } catch (error) {
          done.failed.push({ name, problem: problemOf(error) });
        }
      }
      // What failed can be tried again.
      if (done.failed.length === 0) imports.forget(importId);
      return done;
    },
  };
  return { handlers, stop: () => imports.stop() };
}
