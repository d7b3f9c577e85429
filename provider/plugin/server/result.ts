// What a handler returned, made fit for Terraform: nothing unknown, nothing write-only, no promise broken, nothing lost.
import type { Diagnostics } from '../diagnostics.ts';
import { type Shape, typeOf } from '../schema/shape.ts';
import type { ValueType } from '../schema/type.ts';
import { encodeValue } from '../values/codec.ts';
import { AttributePath } from '../values/path.ts';
import { emptyRecord, entriesOf, isRecord } from '../values/record.ts';
import { UNKNOWN } from '../values/unknown.ts';
import { ValueError } from '../values/value-error.ts';
import { brokenPromises, unknownPaths } from './check.ts';
import { complete, keepSpelling, type ObjectValue } from './objects.ts';

const BUG = 'This is a bug of the provider. What it made in an apply has been recorded.';

/**
 * A state that can be stored, from what a handler returned.
 * @param reference whose spelling is kept where it means the same: the plan, or the state before a read
 * @param planned what must be kept, where there was a plan or a configuration
 */
export function storable(
  shape: Shape,
  returned: ObjectValue,
  reference: ObjectValue | null,
  planned: ObjectValue | null,
  diagnostics: Diagnostics,
): ObjectValue {
  const type = typeOf(shape);
  const state = keepSpelling(shape, reference, complete(shape, returned));
  if (planned !== null) {
    for (const path of brokenPromises(type, planned, state)) {
      diagnostics.error(
        'The provider changed a fixed value',
        `${path} must stay as it is configured or planned. ${BUG}`,
        path,
      );
    }
  }
  for (const path of unknownPaths(type, state)) {
    diagnostics.error('The provider left a value unknown', `${path} has no value in the end. ${BUG}`, path);
  }
  return savable(type, withoutUnknown(state), diagnostics);
}

/** Null for every unknown value. */
export function withoutUnknown(value: ObjectValue): ObjectValue {
  const clean = (one: unknown): unknown => {
    if (one === UNKNOWN) return null;
    if (Array.isArray(one)) return one.filter((element) => element !== UNKNOWN).map(clean);
    return isRecord(one) ? withoutUnknown(one) : one;
  };
  const result: Record<string, unknown> = emptyRecord();
  for (const [name, one] of Object.entries(value)) result[name] = clean(one);
  return result;
}

/** Drops what cannot be encoded, with an error each: a badly typed attribute must not lose the object that was made. */
function savable(type: ValueType, state: ObjectValue, diagnostics: Diagnostics): ObjectValue {
  if (type.kind !== 'object') return state;
  const result: Record<string, unknown> = emptyRecord();
  for (const [name, one] of entriesOf(type.attributes)) {
    const path = AttributePath.of(name);
    try {
      encodeValue(one, state[name], path);
      result[name] = state[name];
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      diagnostics.error(
        'The provider returned an unsuitable value',
        `${error.path}: ${error.message}. ${BUG}`,
        error.path,
      );
      result[name] = one.kind === 'list' || one.kind === 'set' ? [] : null;
    }
  }
  return result;
}
