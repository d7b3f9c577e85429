// The table of operations is complete, can be found by name, and the documents made from it are up to date.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findOperation, InvalidInputError, OPERATIONS } from '@imagebridge/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  COMMANDS,
  renderOperations,
  renderVerified,
  renderVerifiedSource,
  TERRAFORM,
} from '../docs/render.ts';

const root = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

describe('the table of operations', () => {
  it('has all 59, once each, in order', () => {
    expect(OPERATIONS.map(({ number }) => number)).toEqual(Array.from({ length: 59 }, (_, i) => i + 1));
  });

  it('finds each by its number and by its call in its family', () => {
    for (const operation of OPERATIONS) {
      expect(findOperation(String(operation.number)).number).toBe(operation.number);
      const found = findOperation(operation.call, operation.family);
      // Of two editions the call names the current one.
      expect(found.number).toBe(
        operation.insteadUse !== undefined && found.call === operation.call ? found.number : operation.number,
      );
      expect(found.family).toBe(operation.family);
    }
  });

  it('names the current edition, not the older one', () => {
    expect(findOperation('POST /v2/cloudimages/action').number).toBe(16);
    expect(findOperation('patch /v2/images/{id}', 'huaweicloud').number).toBe(32);
    expect(findOperation('PATCH /v2/images/{image_id}', 'openstack').number).toBe(56);
  });

  it('helps with names that it does not know, and with other families', () => {
    expect(() => findOperation('DescribeImages')).toThrow(InvalidInputError);
    expect(() => findOperation('describe')).toThrow(/DescribeImage \(6\)/);
    expect(() => findOperation('DescribeImage', 'openstack')).toThrow(/family ucloudstack/);
  });

  it('describes the parameters of each', () => {
    for (const { parameters, call } of OPERATIONS) {
      for (const { name, type } of parameters) {
        expect(name, call).toMatch(/^[A-Za-z_]/);
        expect(type, `${call} ${name}`).toMatch(/^(string|integer|number|boolean|object)(\[\])?$/);
      }
    }
  });
});

describe('the documents', () => {
  it('are as the code makes them (npm run docs)', () => {
    expect(readFileSync(root('docs/operations.md'), 'utf8')).toBe(renderOperations());
    expect(readFileSync(root('docs/verified.md'), 'utf8')).toBe(renderVerified());
    expect(readFileSync(root('shared/core/clouds/verified.ts'), 'utf8')).toBe(renderVerifiedSource());
  });

  it('name only resources that the provider has, and commands that there are', () => {
    const schema = z.object({
      resource_schemas: z.record(z.string(), z.unknown()),
      data_source_schemas: z.record(z.string(), z.unknown()),
    });
    const file: unknown = JSON.parse(readFileSync(root('provider/cdktf/schema.json'), 'utf8'));
    const provider = schema.parse(file);
    for (const name of Object.values(TERRAFORM).flat()) {
      const found = name.startsWith('data.')
        ? provider.data_source_schemas[name.slice(5)]
        : provider.resource_schemas[name];
      expect(found, name).toBeDefined();
    }
    const readme = readFileSync(root('README.md'), 'utf8');
    for (const command of Object.values(COMMANDS).flat())
      expect(readme, command).toContain(`imagebridge ${command.split(' ')[0]}`);
  });
});
