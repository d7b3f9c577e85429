// Which conversion a disk image needs for a target, and whether it is safe. Pure.
import type { DiskFormat } from '../model/index.ts';
import type { ConversionAdvice, ConversionFacts, ConversionRecipe, TargetWishes } from './types.ts';

/** Formats that are read: their name for qemu-img, and the kinds of them that hold all their data themselves. */
const READABLE = new Map<DiskFormat, { name: string; subformats?: readonly string[] }>(
  Object.entries({
    qcow2: { name: 'qcow2' },
    raw: { name: 'raw' },
    vmdk: { name: 'vmdk', subformats: ['monolithicSparse', 'streamOptimized'] },
    vhd: { name: 'vpc' },
    vhdx: { name: 'vhdx' },
    vdi: { name: 'vdi' },
    qed: { name: 'qed' },
  }),
);

/** Formats that are written: their name for qemu-img, its options, and those for compressed output where there is such. */
const WRITABLE = new Map<
  DiskFormat,
  { name: string; options: readonly string[]; compressed?: readonly string[] }
>(
  Object.entries({
    qcow2: { name: 'qcow2', options: [], compressed: ['-c'] },
    raw: { name: 'raw', options: [] },
    vmdk: {
      name: 'vmdk',
      options: ['-o', 'subformat=monolithicSparse'],
      compressed: ['-o', 'subformat=streamOptimized'],
    },
    // Without it the size is rounded to what a disk of cylinders, heads and sectors can have.
    vhd: { name: 'vpc', options: ['-o', 'force_size=on'] },
    vhdx: { name: 'vhdx', options: [] },
    vdi: { name: 'vdi', options: [] },
  }),
);

/**
 * The arguments of `qemu-img convert`. The source's format is always said: a guest can write a header of another format
 * to the start of a raw disk, and qemu-img would believe it.
 */
export function convertArguments(recipe: ConversionRecipe, source: string, target: string): string[] {
  const from = READABLE.get(recipe.from);
  const to = WRITABLE.get(recipe.to);
  if (from === undefined || to === undefined)
    throw new TypeError(`no conversion ${recipe.from} to ${recipe.to}`);
  const options = recipe.compress ? (to.compressed ?? to.options) : to.options;
  return ['convert', '-p', '-f', from.name, '-O', to.name, ...options, source, target];
}

/** True when `convertArguments` knows both formats. */
export const isConvertible = (from: DiskFormat, to: DiskFormat): boolean =>
  READABLE.has(from) && WRITABLE.has(to);

/** The name of a format for qemu-img. */
export const qemuName = (format: DiskFormat): string => READABLE.get(format)?.name ?? format;

const quoted = (text: string) =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** What the user would type, for a POSIX shell. The output stands beside the source. */
export function convertCommand(recipe: ConversionRecipe, source: string): string {
  const stem = source.replace(/\.[^./\\]{1,8}$/, '');
  const plain = `${stem}.${recipe.to}`;
  const target = plain === source ? `${stem}.converted.${recipe.to}` : plain;
  return ['qemu-img', ...convertArguments(recipe, source, target)].map(quoted).join(' ');
}

const GIB = 1024 ** 3;
const gib = (bytes: number) => `${Number((bytes / GIB).toFixed(1))} GiB`;

/**
 * Whether a disk image must be converted for a target, into what, and whether that is done. Never converted is what names
 * other files or hides its content: qemu-img would follow the names, which whoever made the image chose.
 */
export function conversionFor(facts: ConversionFacts, wishes: TargetWishes): ConversionAdvice {
  const { format, fileSizeBytes } = facts;
  const max = wishes.maxFileSizeBytes ?? Number.POSITIVE_INFINITY;
  const large = wishes.largeFileFormats ?? [];
  const taken = wishes.formats.includes(format);
  const tooLarge = fileSizeBytes > max;
  if (taken && !tooLarge) return { kind: 'none', reason: `The target takes ${format} files.` };
  if (tooLarge && takesLarge(format, wishes))
    return { kind: 'none', reason: `The target takes ${format} files of this size.` };

  const why = taken
    ? `it has ${gib(fileSizeBytes)}, and the target takes ${format} files of at most ${gib(max)}`
    : `it is ${format}, and the target takes ${wishes.formats.join(', ')}`;
  const unsafe = refusalOf(facts);
  if (unsafe)
    return { kind: 'refuse', ...unsafe, reason: `${why}; it is not converted, because ${unsafe.reason}` };

  const recipe = recipeFor(facts, wishes, max);
  if (recipe === undefined) {
    const forLarge =
      large.length > 0
        ? ` Files beyond that must be ${large.join(', ')}${wishes.rawNeedsBitmap ? '; RAW needs a bitmap file beside it' : ''}, which qemu-img cannot make: use the cloud's own tool (Huawei Cloud: qemu-img-hw).`
        : '';
    return {
      kind: 'refuse',
      reason: `${why}, and qemu-img can make none of what it takes`,
      hint: `Make the disk smaller.${forLarge}`,
    };
  }
  return {
    kind: 'convert',
    reason: why,
    recipe,
    command: convertCommand(recipe, facts.path),
    warnings: warningsOf(facts, recipe, max),
  };
}

/** True when the target takes files of that format beyond its ordinary limit, and nothing else is needed with them. */
const takesLarge = (format: DiskFormat, wishes: TargetWishes) =>
  (wishes.largeFileFormats ?? []).includes(format) && !(format === 'raw' && wishes.rawNeedsBitmap === true);

/** The dearest format that can be made and may fit. */
function recipeFor(facts: ConversionFacts, wishes: TargetWishes, max: number): ConversionRecipe | undefined {
  const { format: from, virtualSizeBytes } = facts;
  // A file of a format without holes or compression is as large as the disk.
  const mayFit = (to: DiskFormat) => to !== 'raw' || virtualSizeBytes <= max || takesLarge('raw', wishes);
  const candidates = [
    ...wishes.formats,
    ...(wishes.largeFileFormats ?? []).filter((to) => takesLarge(to, wishes)),
  ];
  const to = candidates.find((format) => isConvertible(from, format) && mayFit(format));
  if (to === undefined) return undefined;
  const compress = virtualSizeBytes > max && WRITABLE.get(to)?.compressed !== undefined;
  // The same once more without compression would only give the same.
  return to === from && !compress ? undefined : { from, to, compress };
}

function warningsOf(facts: ConversionFacts, recipe: ConversionRecipe, max: number): string[] {
  const warnings: string[] = [];
  if (recipe.compress)
    warnings.push(
      `Whether the compressed file has at most ${gib(max)} is known only when it is made; compressing takes long.`,
    );
  if ((facts.snapshots ?? 0) > 0)
    warnings.push(`Only the present state is kept; its snapshots (${facts.snapshots}) are not.`);
  return warnings;
}

/** Why an image is not converted at all; undefined when it may be. */
function refusalOf(
  facts: ConversionFacts,
): { reason: string; hint: string; command?: string | undefined } | undefined {
  const { format, path, subformat } = facts;
  const known = READABLE.get(format);
  const flatten = { from: format, to: 'qcow2', compress: false };
  if (facts.backingFile)
    return {
      reason:
        'it needs another file (its backing file), and qemu-img would read whatever file is named there',
      hint: 'If you made it yourself and trust it, put both together first.',
      command: known ? convertCommand(flatten, path) : undefined,
    };
  if (facts.dataFile)
    return {
      reason: 'its data lies in another file, and qemu-img would read whatever file is named there',
      hint: 'If you made it yourself and trust it, put both together first.',
      command: known ? convertCommand(flatten, path) : undefined,
    };
  if (facts.encrypted)
    return {
      reason: 'it is encrypted',
      hint: 'Make an image that is not encrypted of it, with its passphrase.',
    };
  if (facts.damaged)
    return {
      reason: 'it is damaged or cut short',
      hint: 'Fetch or make it again, or look at what is wrong with it.',
      command: known ? `qemu-img check -f ${known.name} ${quoted(path)}` : undefined,
    };
  if (format === 'iso')
    return {
      reason: 'an ISO file is a disc to install from, and no disk',
      hint: 'Use a target that takes ISO files.',
    };
  if (known === undefined)
    return {
      reason: `${format} is not converted here`,
      hint: `Convert it with a tool that knows it to one of ${[...READABLE.keys()].join(', ')}.`,
    };
  if (known.subformats && !known.subformats.includes(subformat ?? ''))
    return {
      reason: `its kind (${subformat ?? 'unknown'}) may have its data in other files`,
      hint: `Export it as one file (${known.subformats.join(', ')}).`,
    };
  return undefined;
}
