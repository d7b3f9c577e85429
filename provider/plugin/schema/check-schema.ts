// What Terraform would refuse in a schema, said with the place: Terraform itself only says that the provider is wrong.
import { nestedOf, type Shape, typeOf } from './shape.ts';
import type { ValueType } from './type.ts';

/** What a schema is of; each has names that Terraform keeps for itself. */
export type SchemaKind = 'provider' | 'resource' | 'data source' | 'ephemeral resource';

const META: readonly string[] = ['count', 'depends_on', 'for_each', 'lifecycle', 'provider'];
const RESERVED: Readonly<Record<SchemaKind, readonly string[]>> = {
  provider: ['alias', 'version'],
  resource: [...META, 'connection', 'provisioner'],
  'data source': META,
  'ephemeral resource': META,
};
const NAME = /^[a-z_][a-z0-9_]*$/;

/** What is wrong with a schema, one sentence each; empty where Terraform will take it. */
export function schemaProblems(shape: Shape, kind: SchemaKind): readonly string[] {
  const problems: string[] = [];
  for (const name of [...Object.keys(shape.attributes), ...Object.keys(shape.blocks)]) {
    if (RESERVED[kind].includes(name)) problems.push(`"${name}" is a word of Terraform's own in a ${kind}.`);
  }
  checkShape(shape, '', kind === 'resource', problems);
  return problems;
}

function checkShape(shape: Shape, at: string, mayWriteOnly: boolean, problems: string[]): void {
  const names = Object.keys(shape.attributes);
  for (const name of [...names, ...Object.keys(shape.blocks)]) {
    if (!NAME.test(name) || name === '__proto__') {
      problems.push(`"${at}${name}" is no name: use lower-case letters, digits and underscores.`);
    }
  }
  for (const name of Object.keys(shape.blocks).filter((one) => names.includes(one))) {
    problems.push(`"${at}${name}" is both an attribute and a block.`);
  }
  for (const [name, attribute] of Object.entries(shape.attributes)) {
    if (attribute.writeOnly && !mayWriteOnly) {
      problems.push(`"${at}${name}" cannot be write-only: only resources have that, and not inside sets.`);
    }
  }
  for (const [name, { nesting, shape: inner }] of nestedOf(shape)) {
    if (nesting === 'set' && hasDynamic(typeOf(inner))) {
      problems.push(`"${at}${name}" is a set, which cannot hold values of any type.`);
    }
    checkShape(inner, `${at}${name}.`, mayWriteOnly && nesting !== 'set', problems);
  }
}

function hasDynamic(type: ValueType): boolean {
  if (type.kind === 'dynamic') return true;
  if ('element' in type) return hasDynamic(type.element);
  if (type.kind === 'tuple') return type.elements.some(hasDynamic);
  return type.kind === 'object' && Object.values(type.attributes).some(hasDynamic);
}
