// Rules of Glance, and of Nova behind it (seed 003; Glance v2: formats are checked against the content since 2025.1).
import { warning } from '../findings.ts';
import type { Finding } from '../types.ts';
import { type Case, needsUefi } from './case.ts';

/** What Glance's own look at the content refuses, where it looks. */
const REFUSED_BY_NEW = ['several-formats', 'gpt-damaged', 'gpt-unprotected'];

/** What this family adds. */
export function openstackFindings(asked: Case): Finding[] {
  const { inspection, image, format } = asked;
  const findings: Finding[] = [];
  const isTold = image.properties?.hw_firmware_type === 'uefi';
  if (needsUefi(asked) && !isTold && format !== 'iso')
    findings.push(
      warning(
        'openstack-uefi',
        'The disk starts by UEFI only, and servers start by BIOS unless the image says otherwise.',
        'Give the boot mode uefi (the property hw_firmware_type).',
      ),
    );
  const refused = inspection.findings.filter(({ code }) => REFUSED_BY_NEW.includes(code));
  if (refused.length > 0)
    findings.push(
      warning(
        'openstack-content-check',
        `Image services from 2025.1 on look at the content, and refuse this (${refused.map(({ code }) => code).join(', ')}).`,
        'Put it right before it is sent.',
      ),
    );
  return findings;
}
