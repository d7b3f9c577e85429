// Checks on values: nulls where there must be none, unknowns left over, promises of a plan that were broken.
import type { Diagnostics } from '../diagnostics.ts';
import { nestedOf, type Shape, typeOf } from '../schema/shape.ts';
import type { ValueType } from '../schema/type.ts';
import { equal } from '../values/equal.ts';
import { AttributePath } from '../values/path.ts';
import { entriesOf, isRecord, own } from '../values/record.ts';
import { isWhollyKnown, UNKNOWN } from '../values/unknown.ts';
import { counterpart, mapNested, type ObjectValue } from './objects.ts';

/** Calls back for each value inside a value, the value itself first. Stops descending where it returns false. */
function visit(
  type: ValueType,
  value: unknown,
  path: AttributePath,
  look: (type: ValueType, value: unknown, path: AttributePath) => boolean,
): void {
  if (!look(type, value, path)) return;
  if (value === null || value === undefined || value === UNKNOWN) return;
  if ((type.kind === 'list' || type.kind === 'set') && Array.isArray(value)) {
    for (const [index, one] of value.entries()) visit(type.element, one, path.index(index), look);
  } else if (type.kind === 'tuple' && Array.isArray(value)) {
    for (const [index, one] of type.elements.entries()) visit(one, value[index], path.index(index), look);
  } else if (type.kind === 'map' && isRecord(value)) {
    for (const [key, one] of Object.entries(value)) visit(type.element, one, path.key(key), look);
  } else if (type.kind === 'object' && isRecord(value)) {
    for (const [name, one] of entriesOf(type.attributes)) {
      visit(one, own(value, name), path.attribute(name), look);
    }
  }
}

/** Refuses null elements, which models do not have, unless the type allows them. */
export function refuseNullElements(type: ValueType, config: ObjectValue, diagnostics: Diagnostics): void {
  visit(type, config, AttributePath.root, (one, value, path) => {
    if ((value === null || value === undefined) && one.nullable !== true) {
      diagnostics.error('Null element', `${path} is null. Leave the element out, or give it a value.`, path);
    }
    return true;
  });
}

/** The places that are unknown. */
export function unknownPaths(type: ValueType, value: ObjectValue): readonly AttributePath[] {
  const found: AttributePath[] = [];
  visit(type, value, AttributePath.root, (_one, part, path) => {
    if (part === UNKNOWN) found.push(path);
    return true;
  });
  return found;
}

/** The places where a value does not keep what was known in its plan. */
export function brokenPromises(
  type: ValueType,
  planned: unknown,
  actual: unknown,
  path: AttributePath = AttributePath.root,
): readonly AttributePath[] {
  if (planned === UNKNOWN || equal(type, planned, actual)) return [];
  const broken = [path];
  if (planned === null || actual === null || planned === undefined || actual === undefined) return broken;
  switch (type.kind) {
    case 'object':
      if (!isRecord(planned) || !isRecord(actual)) return broken;
      return entriesOf(type.attributes).flatMap(([name, one]) =>
        brokenPromises(one, own(planned, name) ?? null, own(actual, name) ?? null, path.attribute(name)),
      );
    case 'list':
      if (!Array.isArray(planned) || !Array.isArray(actual) || planned.length !== actual.length)
        return broken;
      return planned.flatMap((one, index) =>
        brokenPromises(type.element, one, actual[index], path.index(index)),
      );
    case 'map': {
      if (!isRecord(planned) || !isRecord(actual)) return broken;
      const keys = Object.keys(planned);
      if (keys.length !== Object.keys(actual).length || !keys.every((key) => Object.hasOwn(actual, key)))
        return broken;
      return keys.flatMap((key) => brokenPromises(type.element, planned[key], actual[key], path.key(key)));
    }
    case 'set':
      // Which element became which cannot be told where some were unknown: Terraform checks that itself.
      return isWhollyKnown(planned) ? broken : [];
    default:
      return broken;
  }
}

/** Refuses a plan that changes what the user wrote. Terraform would, too, but names no attribute to look for. */
export function checkPlan(
  shape: Shape,
  config: ObjectValue,
  plan: ObjectValue,
  prior: ObjectValue | null,
  diagnostics: Diagnostics,
  at: AttributePath = AttributePath.root,
): void {
  const nested = nestedOf(shape);
  const refuse = (path: AttributePath, why: string) =>
    diagnostics.error(
      'The provider planned an impossible value',
      `${path}: ${why} This is a bug of the provider.`,
      path,
    );
  for (const [name, attribute] of entriesOf(shape.attributes)) {
    const path = at.attribute(name);
    const [wanted, planned] = [own(config, name) ?? null, own(plan, name) ?? null];
    if (attribute.writeOnly || nested.has(name)) continue;
    if (wanted === null) {
      if (!attribute.computed && planned !== null)
        refuse(path, 'it is not set in the configuration, and not computed.');
    } else if (
      !equal(attribute.type, wanted, planned) &&
      !equal(attribute.type, own(prior ?? {}, name), planned)
    ) {
      refuse(path, 'the plan has neither the configured nor the prior value.');
    }
  }
  for (const [name, one] of nested) {
    const [wanted, planned] = [own(config, name) ?? null, own(plan, name) ?? null];
    if (wanted === null || wanted === UNKNOWN || one.nesting === 'set') continue;
    const type = shape.attributes[name]?.type ?? typeOf(one.shape);
    if (equal(type, own(prior ?? {}, name) ?? null, planned)) continue;
    if (planned === null || planned === UNKNOWN)
      refuse(at.attribute(name), 'the configured value is missing from the plan.');
    mapNested(one, planned, at.attribute(name), (element, path, key) => {
      const configured = counterpart(one, wanted, element, key);
      if (configured !== null) {
        const before = counterpart(one, own(prior ?? {}, name), element, key);
        checkPlan(one.shape, configured, element, before, diagnostics, path);
      }
      return element;
    });
  }
}
