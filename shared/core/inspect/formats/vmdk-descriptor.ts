// The description of a VMDK: lines of `key=value`, and lines that name extents. Text from outside: shown, never followed.
import { shown } from '../bytes.ts';
import { error } from '../findings.ts';
import type { Finding } from '../types.ts';

/** Text that every description begins with. */
export const DESCRIPTOR_MARK = '# Disk DescriptorFile';

const MAX_LINES = 1000;
const MAX_LINE_LENGTH = 2000;
const NO_PARENT = 'ffffffff';
/** Kinds that are one file. */
const ONE_FILE = ['monolithicSparse', 'streamOptimized'];

/** What a description tells. */
export interface Descriptor {
  createType: string | undefined;
  /** Size of the disk: the sum of its extents. */
  sectors: number;
  extents: number;
  extentNames: string[];
  /** Name, or id, of the disk that this one depends on. */
  parent: string | undefined;
}

/** Reads a description. Unknown lines are passed over. */
export function parseDescriptor(text: string): Descriptor {
  const values = new Map<string, string>();
  const extentNames: string[] = [];
  let sectors = 0;
  let extents = 0;
  const lines = (text.split('\0', 1)[0] ?? '').split(/\r?\n/, MAX_LINES);
  for (const line of lines.map((whole) => whole.slice(0, MAX_LINE_LENGTH))) {
    const extent = /^\s*(?:RW|RDONLY|NOACCESS)\s+(\d{1,15})\s+([A-Z0-9]+)(?:\s+"([^"]*)")?/.exec(line);
    if (extent) {
      extents += 1;
      sectors += Number(extent[1]);
      if (extent[3] !== undefined && extentNames.length < 32) extentNames.push(shown(extent[3]));
      continue;
    }
    // By hand: a pattern for it takes for ever on a line that is made for that.
    const equals = line.indexOf('=');
    if (equals > 0)
      values.set(line.slice(0, equals).trim(), shown(line.slice(equals + 1).replaceAll('"', ' ')));
  }
  const parentId = values.get('parentCID')?.toLowerCase();
  const hasParent = parentId !== undefined && parentId !== NO_PARENT;
  return {
    createType: values.get('createType'),
    sectors,
    extents,
    extentNames,
    parent: hasParent ? (values.get('parentFileNameHint') ?? parentId) : undefined,
  };
}

/** What speaks against a description. */
export function descriptorFindings(descriptor: Descriptor): Finding[] {
  const { createType, extents, extentNames, parent } = descriptor;
  const findings: Finding[] = [];
  if (parent !== undefined)
    findings.push(
      error(
        'vmdk-parent',
        `The image holds only the differences to another disk (${JSON.stringify(parent)}), which a cloud does not have.`,
        'Consolidate the snapshots, and export the machine again.',
      ),
    );
  if (createType === undefined || !ONE_FILE.includes(createType) || extents > 1)
    findings.push(
      error(
        'vmdk-unsupported-subformat',
        `It is a VMDK of the kind ${JSON.stringify(createType ?? 'unknown')}; clouds take ${ONE_FILE.join(', ')} only.`,
        'Convert it: qemu-img convert -O vmdk -o subformat=streamOptimized IN OUT.',
      ),
    );
  if (extentNames.some((name) => /[/\\]/.test(name)))
    findings.push(
      error(
        'vmdk-extent-path',
        'The description names a file in another folder: that is how an image is made to read files of a server.',
        'Do not use it, unless you made it yourself and convert it first.',
      ),
    );
  return findings;
}
