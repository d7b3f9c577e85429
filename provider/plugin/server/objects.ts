// Work on whole objects, directed by their schema: filling, stripping, keeping the user's spelling.
import { type Nested, nestedOf, type Shape, typeOf } from '../schema/shape.ts';
import { equal } from '../values/equal.ts';
import { AttributePath } from '../values/path.ts';
import { emptyRecord, entriesOf, isRecord, own } from '../values/record.ts';

/** The values of an object by attribute and block name. */
export type ObjectValue = Readonly<Record<string, unknown>>;

/** Maps the elements of a nested value; what is null, unknown or of another shape stays as it is. */
export function mapNested(
  { nesting }: Nested,
  value: unknown,
  path: AttributePath,
  change: (element: ObjectValue, path: AttributePath, key: string | number | undefined) => unknown,
): unknown {
  if (nesting === 'single') return isRecord(value) ? change(value, path, undefined) : value;
  if (Array.isArray(value)) {
    return value.map((element: unknown, index) => {
      // Elements of a set have no place of their own: diagnostics point at the set.
      const at = nesting === 'set' ? path : path.index(index);
      return isRecord(element) ? change(element, at, index) : element;
    });
  }
  if (nesting !== 'map' || !isRecord(value)) return value;
  const record = emptyRecord<unknown>();
  for (const [key, element] of Object.entries(value)) {
    record[key] = isRecord(element) ? change(element, path.key(key), key) : element;
  }
  return record;
}

/** The element that belongs to one of another value: by key, by index, or for sets by its set values. */
export function counterpart(
  nested: Nested,
  others: unknown,
  element: ObjectValue,
  key: string | number | undefined,
): ObjectValue | null {
  let found: unknown = null;
  if (nested.nesting === 'single') found = others;
  else if (nested.nesting === 'set') {
    if (Array.isArray(others))
      found = others.find((one) => isRecord(one) && agree(nested.shape, element, one));
  } else if (Array.isArray(others) && typeof key === 'number') found = others[key];
  else if (isRecord(others) && typeof key === 'string') found = own(others, key);
  return isRecord(found) ? found : null;
}

/** True where two elements agree in every attribute that both have. */
function agree(shape: Shape, left: ObjectValue, right: ObjectValue): boolean {
  const type = typeOf(shape);
  if (type.kind !== 'object') return false;
  return entriesOf(type.attributes).every(([name, one]) => {
    const [l, r] = [own(left, name) ?? null, own(right, name) ?? null];
    return l === null || r === null || typeof l === 'symbol' || typeof r === 'symbol' || equal(one, l, r);
  });
}

/** Gives an object exactly what its schema has: absent values null, absent blocks empty, write-only values null. */
export function complete(shape: Shape, value: ObjectValue): Record<string, unknown> {
  const result = emptyRecord<unknown>();
  const nested = nestedOf(shape);
  const inner = (name: string, given: unknown) => {
    const one = nested.get(name);
    return one ? mapNested(one, given, AttributePath.root, (element) => complete(one.shape, element)) : given;
  };
  for (const [name, attribute] of entriesOf(shape.attributes)) {
    result[name] = attribute.writeOnly ? null : inner(name, own(value, name) ?? null);
  }
  for (const [name, block] of entriesOf(shape.blocks)) {
    const absent = block.nesting === 'single' ? null : block.nesting === 'map' ? emptyRecord() : [];
    result[name] = inner(name, own(value, name) ?? absent);
  }
  return result;
}

/** Replaces values by those of a reference where the attribute calls both the same. */
export function keepSpelling(shape: Shape, reference: ObjectValue | null, value: ObjectValue): ObjectValue {
  if (reference === null) return value;
  const result: Record<string, unknown> = emptyRecord();
  Object.assign(result, value);
  for (const [name, attribute] of entriesOf(shape.attributes)) {
    const [old, now] = [own(reference, name) ?? null, own(value, name) ?? null];
    if (attribute.semanticEquals === undefined || old === null || now === null) continue;
    if (typeof old === 'symbol' || typeof now === 'symbol') continue;
    if (attribute.semanticEquals(old, now)) result[name] = old;
  }
  for (const [name, nested] of nestedOf(shape)) {
    result[name] = mapNested(nested, result[name], AttributePath.root, (element, _path, key) =>
      keepSpelling(nested.shape, counterpart(nested, own(reference, name), element, key), element),
    );
  }
  return result;
}
