// A schema's attributes and blocks as one object type, which is what the codec and the planner work on.
import type { Attributes, Nesting } from './attribute.ts';
import type { Block, Blocks } from './schema.ts';
import type { ValueType } from './type.ts';

/** Attributes and blocks of one object: of a whole schema, a nested attribute or a block. */
export interface Shape {
  readonly attributes: Attributes;
  readonly blocks: Blocks;
}

/** Remembers what is made of a schema, which never changes: every call asks for it. */
function remembered<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      known.set(key, value);
    }
    return value;
  };
}

/** The shape of nested attributes. */
export const shapeOf = remembered((attributes: Attributes): Shape => ({ attributes, blocks: {} }));

/** The type of the object; null stands for an object that does not exist. */
export const typeOf = remembered((shape: Shape): ValueType => {
  const attributes: Record<string, ValueType> = {};
  for (const [name, attribute] of Object.entries(shape.attributes)) attributes[name] = attribute.type;
  for (const [name, block] of Object.entries(shape.blocks)) attributes[name] = blockType(block);
  return { kind: 'object', attributes };
});

/** The type of a block's value: null only where a single block is absent. */
export function blockType(block: Block): ValueType {
  const element = typeOf(block);
  switch (block.nesting) {
    case 'single':
      return { ...element, nullable: true };
    case 'list':
    case 'set':
    case 'map':
      return { kind: block.nesting, element };
  }
}

/** A nested attribute or block of a shape. */
export interface Nested {
  readonly nesting: Nesting;
  readonly shape: Shape;
}

/** The nested attributes and blocks of a shape, by name. */
export const nestedOf = remembered((shape: Shape): ReadonlyMap<string, Nested> => {
  const nested = new Map<string, Nested>();
  for (const [name, attribute] of Object.entries(shape.attributes)) {
    if (attribute.nested === undefined) continue;
    nested.set(name, { nesting: attribute.nested.nesting, shape: shapeOf(attribute.nested.attributes) });
  }
  for (const [name, block] of Object.entries(shape.blocks)) {
    nested.set(name, { nesting: block.nesting, shape: block });
  }
  return nested;
});
