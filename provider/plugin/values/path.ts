// Where in a configuration or state a value stands. Imports nothing.

/** One step of an {@link AttributePath}: into an attribute or block, a map element, or a list element. */
export type PathStep = { readonly attribute: string } | { readonly key: string } | { readonly index: number };

/** The place of a value, as Terraform shows it beside a diagnostic, e.g. `disk[0].tags["env"]`. Immutable. */
export class AttributePath {
  /** The resource, data source or provider block itself. */
  static readonly root: AttributePath = new AttributePath([]);

  readonly steps: readonly PathStep[];

  constructor(steps: readonly PathStep[]) {
    this.steps = steps;
  }

  /** A path that starts at a top-level attribute or block. */
  static of(name: string): AttributePath {
    return new AttributePath([{ attribute: name }]);
  }

  /** Into an attribute (or block) of the object here. */
  attribute(name: string): AttributePath {
    return new AttributePath([...this.steps, { attribute: name }]);
  }

  /** Into the element of a map. */
  key(key: string): AttributePath {
    return new AttributePath([...this.steps, { key }]);
  }

  /** Into the element of a list (from 0). */
  index(index: number): AttributePath {
    return new AttributePath([...this.steps, { index }]);
  }

  /** As Terraform spells it: `disk[0].tags["env"]`; empty for the root. */
  toString(): string {
    let text = '';
    for (const step of this.steps) {
      if ('attribute' in step) text += text === '' ? step.attribute : `.${step.attribute}`;
      else if ('key' in step) text += `[${JSON.stringify(step.key)}]`;
      else text += `[${step.index}]`;
    }
    return text;
  }
}

/** Short for {@link AttributePath.of}. */
export function path(name: string): AttributePath {
  return AttributePath.of(name);
}
