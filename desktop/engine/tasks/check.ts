// What a cloud would say to a file and a form. Asks; sends nothing that changes anything.
import {
  type CallOptions,
  ConflictError,
  cloudLabel,
  conversionFor,
  findQemuImg,
  ImageBridgeError,
  type ImageCloud,
  type Inspection,
  inspectFile,
  inspectSource,
  isClaimed,
  judgeFor,
  MARKER_TAG,
  memoryReader,
  missingFacts,
  type PublishSource,
  preflight,
  RefusedError,
  unpackedHead,
} from '@imagebridge/core';
import type { Finding, TaskForm, TaskVerdict } from '@imagebridge/desktop-contract';
import { problemOf } from '../problem.ts';
import { descriptionOf, divided } from './publish.ts';
import { nearName } from './suggest.ts';

/** What is asked. */
export interface Question {
  path: string;
  form: TaskForm;
  /** False: the cloud is not asked; only what is known here counts. */
  ask: boolean;
}

/** Judges. Never throws but for an abort, or a file that cannot be read. */
export async function checkTask(
  cloud: ImageCloud,
  question: Question,
  call: CallOptions,
): Promise<TaskVerdict> {
  const { path, form, ask } = question;
  const inspection = await inspectFile(path, call);
  const prepared = await prepare(cloud, inspection, form, call);
  const findings = [...prepared.findings, ...missingFindings(cloud, form)];
  const told: Omit<TaskVerdict, 'verdict'> = { findings, ...legalNameFor(cloud, form) };
  try {
    if (prepared.refusal !== undefined) throw prepared.refusal;
    divided(cloud, form);
    const error = findings.find(({ severity }) => severity === 'error');
    if (error !== undefined)
      throw new RefusedError({
        operation: `publish ${path}`,
        cloud: cloudLabel(cloud),
        object: path,
        reason: error.message,
        code: error.code,
        hint: error.remedy,
      });
    if (!ask) return { verdict: 'ok', ...told };
    const plan = prepared.source && (await planOf(cloud, prepared.source, form, call));
    await refuseTakenName(cloud, form, path, call);
    // How large a disk the content needs is known once all of it was unpacked.
    if (inspection.compression !== undefined && form.minDiskGiB === undefined) delete plan?.minDiskGiB;
    return { verdict: 'ok', ...told, ...plan };
  } catch (thrown) {
    if (!(thrown instanceof ImageBridgeError)) throw thrown;
    if (thrown.kind === 'cancelled' && call.signal?.aborted) throw thrown;
    const isKnown = ['refused', 'invalid-input', 'unsupported', 'conflict', 'quota'].includes(thrown.kind);
    return { verdict: isKnown ? 'refused' : 'unknown', ...told, problem: problemOf(thrown) };
  }
}

/** What will be sent of a file, and what is said to it. Without a source: it is not known before it is unpacked. */
interface Prepared {
  findings: Finding[];
  source?: PublishSource | undefined;
  refusal?: ImageBridgeError | undefined;
}

async function prepare(
  cloud: ImageCloud,
  inspection: Inspection,
  form: TaskForm,
  call: CallOptions,
): Promise<Prepared> {
  const { compression, format, encrypted } = inspection;
  const image = descriptionOf(form);
  const { family, capabilities } = cloud;
  const judged = judgeFor(inspection, {
    ...{ family, capabilities, image, diskFormat: form.diskFormat, dataDisk: form.dataDisk },
  });
  if (compression !== undefined && compression !== 'lz4' && form.unpack !== false) {
    // What was found of the packed bytes is nothing that the cloud will see.
    const inside = await contentFormat(inspection.path, call);
    const content: Inspection = {
      ...inspection,
      fileSizeBytes: inspection.unpackedSizeBytes ?? inspection.fileSizeBytes,
      ...{ virtualSizeBytes: 0, format: inside ?? '', findings: [], compression: undefined, boot: 'unknown' },
    };
    const message = `The file is packed (${compression}): it is unpacked on the way, and all of what is inside is judged then.`;
    const unpacked = info('unpacked', message);
    const judgedInside = judgeFor(content, { family, capabilities, image, dataDisk: form.dataDisk });
    if (inside !== undefined) return { findings: [...judgedInside, unpacked], source: sourceOf(content) };
    return { findings: [...judgedInside.filter(({ code }) => TEXTS.has(code)), unpacked] };
  }
  const unsafe = encrypted || inspection.findings.some(({ severity }) => severity === 'error');
  const isTaken = capabilities.importFormats.includes(format);
  const converts = compression === undefined && form.convert !== false && form.diskFormat === undefined;
  if (!converts || unsafe || isTaken) return { findings: judged, source: sourceOf(inspection) };

  const formats = ['qcow2', 'raw', 'vmdk', 'vhd'].filter((one) => capabilities.importFormats.includes(one));
  const facts = {
    ...inspection,
    subformat: inspection.variant,
    backingFile: (inspection.refersTo ?? []).length > 0,
    ...{ dataFile: false, damaged: false },
  };
  const advice = conversionFor(facts, { formats, maxFileSizeBytes: capabilities.maxImportSizeBytes });
  const others = judged.filter(({ code }) => code !== 'format');
  const operation = `publish ${inspection.path}`;
  const refuse = (reason: string, hint: string) =>
    new RefusedError({ operation, cloud: cloudLabel(cloud), object: inspection.path, reason, hint });
  if (advice.kind === 'none') return { findings: judged, source: sourceOf(inspection) };
  if (advice.kind === 'refuse') return { findings: others, refusal: refuse(advice.reason, advice.hint) };
  if ((await findQemuImg(call)) === undefined)
    return {
      findings: others,
      refusal: refuse(advice.reason, `Install qemu-img, or run: ${advice.command}`),
    };
  const { from, to } = advice.recipe;
  const converted = info(
    'converted',
    `It is converted from ${from} to ${to} on this machine first (qemu-img).`,
  );
  const warnings = advice.warnings.map((message) => ({
    ...info('conversion', message),
    severity: 'warning' as const,
  }));
  return {
    findings: [...others, converted, ...warnings],
    source: sourceOf({ ...inspection, format: to, findings: [], compression: undefined }),
  };
}

/** Findings that are about the form alone. */
const TEXTS: ReadonlySet<string> = new Set(['name', 'description']);
/** Enough of a content to know what it is. */
const HEAD_BYTES = 1024 ** 2;

/** The format of what is packed, by its first bytes; undefined where they cannot be unpacked. */
async function contentFormat(path: string, call: CallOptions): Promise<string | undefined> {
  try {
    const { bytes } = await unpackedHead(path, HEAD_BYTES, call);
    return (await inspectSource(memoryReader(bytes), call)).format;
  } catch (thrown) {
    if (!(thrown instanceof ImageBridgeError) || call.signal?.aborted) throw thrown;
    return undefined;
  }
}

const info = (code: string, message: string): Finding => ({ severity: 'info', code, message, remedy: '' });

/** What is inspected already. It is only looked at. */
function sourceOf(inspection: Inspection): PublishSource {
  const never = () => Promise.reject(new Error('It is only looked at.'));
  return { path: inspection.path, inspect: async () => inspection, fingerprint: never, identify: never };
}

async function planOf(
  cloud: ImageCloud,
  source: PublishSource,
  form: TaskForm,
  call: CallOptions,
): Promise<Pick<TaskVerdict, 'diskFormat' | 'minDiskGiB' | 'route'>> {
  const { route, dataDisk, diskFormat } = form;
  const wishes = { ...call, route, dataDisk };
  const { choice, ...plan } = await preflight(cloud, source, descriptionOf(form), diskFormat, wishes);
  return {
    diskFormat: plan.diskFormat,
    minDiskGiB: plan.minDiskGiB,
    route: {
      route: choice.route,
      method: choice.method,
      reason: choice.reason,
      resumable: choice.route !== 'stream',
    },
  };
}

/** @throws ConflictError when an image of the project has the name, and the form does not allow for it */
async function refuseTakenName(
  cloud: ImageCloud,
  form: TaskForm,
  path: string,
  call: CallOptions,
): Promise<void> {
  if (form.ifExists === 'new' || form.ifExists === 'skip') return;
  for await (const image of cloud.listImages({ scope: 'own', name: form.name }, call)) {
    if (image.name !== form.name || image.status === 'failed' || image.status === 'deleted') continue;
    // An interrupted run may have left it: then it is gone on with.
    if (image.tags[MARKER_TAG] !== undefined && !isClaimed(image)) continue;
    throw new ConflictError({
      operation: `publish ${path} as ${JSON.stringify(form.name)}`,
      cloud: cloudLabel(cloud),
      object: image.id,
      reason: `image ${image.id} has that name already`,
      hint: 'Choose another name, or choose what to do with equal names.',
    });
  }
}

/** What the cloud wants to know of every file. */
function missingFindings(cloud: ImageCloud, form: TaskForm): Finding[] {
  const missing = missingFacts(cloud, { kind: 'file' }, descriptionOf(form));
  if (missing.length === 0) return [];
  const words = {
    osType: 'the type of the system',
    osDistribution: 'its distribution',
    osVersion: 'its version',
  };
  const list = missing.map((field) =>
    field in words ? words[field as keyof typeof words] : 'the architecture',
  );
  return [
    {
      severity: 'error',
      code: 'missing-facts',
      message: `The cloud wants to know ${list.join(', ')}.`,
      remedy: 'Choose the operating system, and the architecture.',
    },
  ];
}

const legalNameFor = (cloud: ImageCloud, { name }: TaskForm): Pick<TaskVerdict, 'legalName'> =>
  cloud.capabilities.imageName.pattern.test(name) ? {} : { legalName: nearName(cloud, name) };
