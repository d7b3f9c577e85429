// Rules of UCloudStack's imports (seed 000): which formats and names are taken is in the capabilities.
import { warning } from '../findings.ts';
import type { Finding } from '../types.ts';
import { type Case, needsUefi, newFeatureFindings } from './case.ts';

/** What this family adds. */
export function ucloudstackFindings(asked: Case): Finding[] {
  const findings = newFeatureFindings(asked);
  if (needsUefi(asked))
    findings.push(
      warning(
        'ucloudstack-uefi',
        'The content starts by UEFI only, and images start by BIOS unless the import says otherwise.',
        'Give the boot mode uefi.',
      ),
    );
  return findings;
}
