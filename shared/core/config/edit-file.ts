// Changes the profile file, and leaves what others wrote into it (comments, order) as it is.
import { readFileSync, rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, parseDocument } from 'yaml';
import { InvalidInputError } from '../model/index.ts';
import type { Fields } from './secret-fields.ts';
import { parseFile } from './sources.ts';
import { writePrivateFile } from './write-file.ts';

/** A change of the file that can be taken back. */
export interface FileEdit {
  undo(): void;
}

/** Writes a profile, instead of one of this name. @throws InvalidInputError, LocalFileError */
export const writeProfile = (path: string, name: string, fields: Fields, makeDefault: boolean): FileEdit =>
  edit(path, name, (document) => {
    document.setIn(['clouds', name], document.createNode(fields));
    if (makeDefault) document.set('default', name);
  });

/** Sets fields of a profile that is there; nested ones have names with dots. @throws InvalidInputError, LocalFileError */
export const setFields = (path: string, name: string, values: Fields): FileEdit =>
  edit(path, name, (document) => {
    for (const [field, value] of Object.entries(values)) {
      document.setIn(['clouds', name, ...field.split('.')], value);
    }
  });

/** Takes a profile out, and the default when it is this one. @throws InvalidInputError, LocalFileError */
export const deleteProfile = (path: string, name: string): FileEdit =>
  edit(path, name, (document) => {
    document.deleteIn(['clouds', name]);
    if (document.get('default') === name) document.delete('default');
  });

function edit(path: string, name: string, change: (document: Document) => void): FileEdit {
  const before = readIfThere(path);
  const old = parseFile(path, before ?? '');
  const document: Document =
    before === undefined || before.trim() === '' ? new Document({}) : parseDocument(before);
  if (!isMap(document.contents)) document.contents = document.createNode({});
  if (!isMap(document.get('clouds'))) document.set('clouds', document.createNode({}));
  let after: string;
  try {
    change(document);
    after = document.toString({ lineWidth: 0 });
    const now = parseFile(path, after);
    // An alias elsewhere may have meant what was changed here.
    if (!isDeepStrictEqual(without(old.clouds, name), without(now.clouds, name))) throw new Error('others');
  } catch {
    throw new InvalidInputError({
      operation: `change cloud "${name}" in ${path}`,
      reason: 'the file has a form (YAML anchors or aliases) in which that would change other clouds',
      hint: 'Change the file in an editor.',
    });
  }
  writePrivateFile(path, after, 'profiles');
  return {
    undo: () => {
      if (before === undefined) rmSync(path, { force: true });
      else writePrivateFile(path, before, 'profiles');
    },
  };
}

const without = (clouds: Fields, name: string): Fields =>
  Object.fromEntries(Object.entries(clouds).filter(([key]) => key !== name));

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // Others than "not there" were told when the profiles were loaded.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new InvalidInputError({ operation: `change ${path}`, reason: 'the file cannot be read' });
  }
}
