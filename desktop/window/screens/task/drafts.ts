// Forms as they were last filled in, for as long as the window lives: details that are closed and opened again lose nothing.
import type { ProfileView, Settings, TaskForm } from '@imagebridge/desktop-contract';

const forms = new Map<string, TaskForm>();

/** The form of a task as it was last filled in. */
export const draftOf = (id: string): TaskForm | undefined => forms.get(id);
/** Keeps a form. */
export const keepDraft = (id: string, form: TaskForm): void => void forms.set(id, form);
/** Forgets a form: its task has been started. */
export const dropDraft = (id: string): void => void forms.delete(id);

/** Where the cloud of the last start is remembered. */
const KEY = 'imagebridge.cloud';

/** Remembers the cloud that something was started for: the next form begins with it. */
export function rememberCloud(name: string): void {
  try {
    window.localStorage.setItem(KEY, name);
  } catch {
    // A browser may keep nothing for a page: then it is chosen again.
  }
}

function lastCloud(): string | null {
  try {
    return window.localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The cloud that a new task is for: the one that is set, the last one, the profiles' own default, else the first. */
export function firstCloud(profiles: readonly ProfileView[], settings: Settings): string | undefined {
  const named = (wanted: string | null | undefined) => profiles.find(({ name }) => name === wanted);
  const chosen = named(settings.defaultCloud) ?? named(lastCloud());
  return (chosen ?? profiles.find(({ isDefault }) => isDefault) ?? profiles[0])?.name;
}

/** Fields that belong to the user and the file, and not to one cloud: they stay when another cloud is chosen. */
const KEPT = [
  'name',
  'description',
  'tags',
  'bootMode',
  'minDiskGiB',
  'minRamMiB',
  'dataDisk',
  'unpack',
  'convert',
  'ifExists',
  'limitBytesPerSecond',
] as const satisfies readonly (keyof TaskForm)[];

/** A suggestion with what the user has changed already. */
export function merged(suggested: TaskForm, own: TaskForm, touched: ReadonlySet<string>): TaskForm {
  const kept = KEPT.filter((field) => touched.has(field)).map((field) => [field, own[field]]);
  return { ...suggested, ...Object.fromEntries(kept) };
}

/** Without fields that are empty: an absent field is left to the cloud. */
export function cleaned(form: TaskForm): TaskForm {
  const { cloud, name, ...others } = form;
  const filled = Object.entries(others).filter(
    ([, value]) =>
      value !== undefined && value !== '' && !(typeof value === 'object' && Object.keys(value).length === 0),
  );
  return { ...Object.fromEntries(filled), cloud, name: name.trim() };
}
