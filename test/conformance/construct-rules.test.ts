// What the constructs believe of each family is what the core knows: they check at synthesis what it would refuse later.

import { Secret } from '@imagebridge/core';
import { expect, it } from 'vitest';
import { RULES } from '../../provider/cdktf/cloud/rules.ts';
import { HUAWEICLOUD_CAPABILITIES } from '../../shared/core/clouds/huaweicloud/capabilities.ts';
import {
  EASYSTACK_CAPABILITIES,
  OPENSTACK_CAPABILITIES,
} from '../../shared/core/clouds/openstack/capabilities.ts';
import { capabilitiesOf } from '../../shared/core/clouds/ucloudstack/capabilities.ts';

const ucloudstack = {
  name: 'c',
  family: 'ucloudstack',
  region: 'r',
  endpoint: 'https://api.example/api',
  publicKey: 'PK',
  privateKey: new Secret('SK'),
  regions: {},
} as const satisfies Parameters<typeof capabilitiesOf>[0];

const CAPABILITIES = {
  huaweicloud: HUAWEICLOUD_CAPABILITIES,
  openstack: OPENSTACK_CAPABILITIES,
  easystack: EASYSTACK_CAPABILITIES,
  ucloudstack: capabilitiesOf(ucloudstack),
  'ucloudstack-extended': capabilitiesOf({ ...ucloudstack, limits: 'extended' }),
} as const;

const KINDS = Object.keys(RULES) as (keyof typeof RULES)[];

it.each(KINDS)('the rules of %s', (kind) => {
  const { imageName, formats, abilities } = RULES[kind];
  const known = CAPABILITIES[kind];
  expect([imageName.pattern.source, imageName.pattern.flags]).toEqual([
    known.imageName.pattern.source,
    known.imageName.pattern.flags,
  ]);
  expect(imageName.rule).toBe(known.imageName.rule);
  expect([...formats].sort()).toEqual([...known.importFormats].sort());
  // Hiding and marks are no capabilities of their own.
  const { hide: _hide, marks, ...same } = abilities;
  for (const [ability, can] of Object.entries(same))
    expect([ability, can === true]).toEqual([ability, known[ability as keyof typeof same] === true]);
  expect(marks === true).toBe(known.updateTags === true || known.customProperties === true);
});
