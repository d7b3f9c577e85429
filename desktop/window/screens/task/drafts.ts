// Forms as they were last filled in, for as long as the window lives: details that are closed and opened again lose nothing.
import type { ProfileView, Settings, TaskForm } from '@imagebridge/desktop-contract';

const forms = new Map<string, TaskForm>();

/** The form of a task as it was last filled in. */
export const draftOf = (id: string): TaskForm | undefined => forms.get(id);
/** Keeps a form. */
export const keepDraft = (id: string, form: TaskForm): void => void forms.set(id, form);
/** Forgets a form: its task has been started. */
export const dropDraft = (id: string): void => void forms.delete(id);

/** The cloud that a new task is for: the chosen default, the profiles' own, else the first. */
export function firstCloud(profiles: readonly ProfileView[], settings: Settings): string | undefined {
  const chosen = profiles.find(({ name }) => name === settings.defaultCloud);
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
