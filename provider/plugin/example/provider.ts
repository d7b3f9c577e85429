// A whole provider: notes kept as JSON files in a folder. README.md explains it, the end-to-end test runs it.
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ArgumentError,
  a,
  defineFunction,
  failure,
  isKnown,
  path,
  planModifiers,
  schema,
  t,
  validators,
  withProviderData,
} from '../index.ts';

/** What `configure` makes and every handler gets. */
interface Folder {
  readonly folder: string;
}
const { defineResource, defineDataSource, defineProvider } = withProviderData<Folder>();

interface Note {
  title: string;
  text: string;
  tags: Readonly<Record<string, string>> | null;
}
const fileOf = ({ folder }: Folder, id: string) => join(folder, `${id}.json`);
const load = async (place: Folder, id: string): Promise<Note | null> =>
  readFile(fileOf(place, id), 'utf8').then(JSON.parse, () => null);
const save = (place: Folder, id: string, { title, text, tags }: Note) =>
  writeFile(fileOf(place, id), JSON.stringify({ title, text, tags }));

const note = defineResource({
  schema: schema({
    description: 'A note.',
    attributes: {
      id: a.string({ computed: true, nonNull: true, planModifiers: [planModifiers.useStateForUnknown] }),
      title: a.string({ required: true, planModifiers: [planModifiers.requiresReplace] }),
      text: a.string({ optional: true, default: '', validators: [validators.length({ max: 1000 })] }),
      tags: a.map({ element: t.string, optional: true }),
      size: a.number({ computed: true, description: 'Length of the text.' }),
    },
  }),
  async create({ plan, provider, setState }) {
    const id = randomUUID();
    await save(provider, id, plan);
    setState({ id });
    if (plan.text === 'fail') throw failure('The text was refused', 'Choose another text.', path('text'));
    return { ...plan, id, size: plan.text.length };
  },
  async read({ state, provider }) {
    const found = await load(provider, state.id);
    return found && { ...found, id: state.id, size: found.text.length };
  },
  async update({ plan, state, provider }) {
    await save(provider, state.id, plan);
    return { ...plan, id: state.id, size: plan.text.length };
  },
  async delete({ state, provider }) {
    await rm(fileOf(provider, state.id), { force: true });
  },
  importState: async ({ id }) => ({ id }),
  async modifyPlan({ plan }) {
    return plan && isKnown(plan.text) ? { ...plan, size: plan.text.length } : undefined;
  },
});

const noteData = defineDataSource({
  schema: schema({ attributes: { id: a.string({ required: true }), text: a.string({ computed: true }) } }),
  async read({ config, provider }) {
    const found = await load(provider, config.id);
    if (!found) throw failure('No such note', `No note has the id ${config.id}.`, path('id'));
    return { id: config.id, text: found.text };
  },
});

const slug = defineFunction({
  summary: 'A title as part of an address.',
  parameters: [{ name: 'title', type: t.string }],
  returns: t.string,
  async call({ args: [title] }) {
    const words = title.toLowerCase().match(/[a-z0-9]+/g);
    if (!words) throw new ArgumentError(0, 'the title has no letters');
    return words.join('-');
  },
});

/** The provider; main.ts serves it. */
export const provider = defineProvider({
  address: 'registry.terraform.io/example/notes',
  version: '0.1.0',
  schema: schema({ attributes: { folder: a.string({ required: true }) } }),
  async configure({ config }) {
    return { folder: isKnown(config.folder) ? config.folder : '' };
  },
  resources: { notes_note: note },
  dataSources: { notes_note: noteData },
  functions: { slug },
});
