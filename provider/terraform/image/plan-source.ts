// Planning what an image is made from: whether it is still the same, and which hash it will have. Reads the local file.
import {
  type ConfigModel,
  failure,
  isKnown,
  type PlanModel,
  path,
  UNKNOWN,
  type Unknown,
} from '@imagebridge/terraform-plugin';
import { type PlannedContent, planContent, SOURCE_SHA256 } from './content.ts';
import { FIRST_VERSION, originOf, originPath } from './origin.ts';
import type { PlanRequest } from './plan.ts';
import type { imageSchema } from './schema.ts';
import type { State } from './state.ts';

type Plan = PlanModel<typeof imageSchema>;
type Source = Exclude<ConfigModel<typeof imageSchema>['source'], Unknown>;
type PlannedSource = Exclude<Plan['source'], Unknown>;

/**
 * The plan with its source: a replacement where the content is certain to differ, nothing where it is the same.
 * @throws DiagnosticError at the attribute concerned
 */
export async function planSource(request: PlanRequest, source: Source, plan: Plan): Promise<Plan> {
  const { state, requiresReplace } = request;
  const origin = originOf(source);
  const recorded = state === null ? undefined : originOf(state.source);
  if (origin.kind === 'unknown') return { ...plan, source: keepSource(source, state) };

  const isOther = recorded === undefined || (recorded.kind !== 'unknown' && origin.key !== recorded.key);
  const hash =
    origin.kind === 'file' && source.file !== null
      ? await fileHash(request, source, source.file, state)
      : declaredHash(source, state, isOther);
  if (hash.changed) requiresReplace(SOURCE_SHA256);
  if (!isOther && hash.sha256 === UNKNOWN && state !== null && state.source.sha256 !== null)
    replaceUnseen(request, state.source.sha256);
  const written: PlannedSource = {
    ...withoutWriteOnly(source),
    sha256: hash.sha256,
    url_wo_version: source.url_wo_version ?? (origin.attribute === 'url_wo' ? FIRST_VERSION : null),
  };
  if (state === null || recorded === undefined) return { ...plan, source: written };
  if (recorded.kind === 'unknown') {
    // Of an image that was imported, what is declared is taken for the truth, and recorded with the first real change.
    const changesNothing = isKnown(plan.source) && plan.source.sha256 !== UNKNOWN;
    return { ...plan, source: changesNothing && !hash.changed ? state.source : written };
  }
  const sameBytes = typeof hash.sha256 === 'string' && hash.sha256 === state.source.sha256;
  if (isOther && !sameBytes) requiresReplace(originPath(origin.attribute));
  return { ...plan, source: written };
}

/** What turns out to be another content only during the apply could not be replaced any more: Terraform keeps to its plan. */
function replaceUnseen({ requiresReplace, diagnostics }: PlanRequest, recorded: string): void {
  requiresReplace(SOURCE_SHA256);
  diagnostics.warning(
    'The content is known only after apply',
    `The image has SHA-256 ${recorded}. What it will be made from is decided during the apply, so it cannot be compared now, and ` +
      'the image is replaced. Set source.sha256 to a known value to keep the image where the content is the same.',
    SOURCE_SHA256,
  );
}

async function fileHash(
  { provider, signal }: PlanRequest,
  source: Source,
  file: string | Unknown,
  state: State | null,
): Promise<PlannedContent> {
  // The hash on an imported image is that of what was inside a file that was unpacked or converted.
  const isInside = state !== null && originOf(state.source).kind === 'unknown' && repacked(source);
  const recorded = state === null ? undefined : isInside ? null : state.source.sha256;
  return planContent({ path: file, given: source.sha256, recorded }, provider, signal);
}

/** True where the file is not sent as it is. */
export const repacked = (source: { readonly unpack: unknown; readonly convert: unknown }): boolean =>
  source.unpack === true || source.convert === true;

/** Nothing tells the hash of what the cloud fetches, but the user. */
function declaredHash(source: Source, state: State | null, isOther: boolean): PlannedContent {
  const recorded = state?.source.sha256 ?? null;
  if (source.sha256 === null) {
    // Bytes that come through this machine are counted on their way.
    return { sha256: isOther ? UNKNOWN : recorded, changed: false };
  }
  const changed = recorded !== null && isKnown(source.sha256) && source.sha256 !== recorded;
  return { sha256: source.sha256, changed };
}

/** An image whose source is not declared any more, or never was, stays what it is. */
function keepSource(source: Source, state: State | null): PlannedSource {
  if (state === null) throw withoutSource();
  const recorded = state.source.sha256;
  if (isKnown(source.sha256) && source.sha256 !== null && recorded !== null && source.sha256 !== recorded)
    throw withoutSource();
  return {
    ...withoutWriteOnly(source),
    url_wo_version: source.url_wo_version,
    sha256: source.sha256 ?? recorded,
  };
}

function withoutWriteOnly({ url_wo: _, ...stored }: Source): Omit<Source, 'url_wo'> {
  return stored;
}

/** The error for an image that has to be made from nothing. */
export const withoutSource = () =>
  failure(
    'The image has no source',
    'It has to be made, and source does not say from what. Only an image that was imported needs no source.',
    path('source'),
  );
