// Helps generated classes write themselves: as JSON, and as HCL for apps with `hclOutput`. Imports types only.
import type {
  TerraformMetaArguments,
  TerraformProviderGeneratorMetadata,
  TerraformResourceConfig,
} from 'cdktf';

/** How one attribute or block type is written in HCL. `any` is for nested attributes: an object, written as a value. */
export type HclForm =
  | 'string'
  | 'number'
  | 'boolean'
  | 'stringList'
  | 'numberList'
  | 'booleanList'
  | 'map'
  | 'any'
  | 'block'
  | 'blocks';

/**
 * What of a record is there. CDKTF looks at each value of what it synthesises several times, also at those that are absent:
 * without this, stacks with many resources would take twice as long.
 */
export function present(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name in values) {
    const value = values[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** What the base class of a resource or data source has to know of a configuration, and nothing of its many attributes. */
export function baseConfig(
  config: TerraformMetaArguments,
  terraformResourceType: string,
  terraformGeneratorMetadata: TerraformProviderGeneratorMetadata,
): TerraformResourceConfig {
  const result: { -readonly [K in keyof TerraformResourceConfig]: TerraformResourceConfig[K] } = {
    terraformResourceType,
    terraformGeneratorMetadata,
  };
  if (config.connection !== undefined) result.connection = config.connection;
  if (config.count !== undefined) result.count = config.count;
  if (config.dependsOn !== undefined) result.dependsOn = config.dependsOn;
  if (config.forEach !== undefined) result.forEach = config.forEach;
  if (config.lifecycle !== undefined) result.lifecycle = config.lifecycle;
  if (config.provider !== undefined) result.provider = config.provider;
  if (config.provisioners !== undefined) result.provisioners = config.provisioners;
  return result;
}

/**
 * Describes attributes to cdktf's HCL writer.
 * @param attributes values by Terraform's name, as `synthesizeAttributes` returns them
 * @param forms how each is written
 * @returns the same without the absent ones, each with what the writer asks for
 */
export function hclAttributes(
  attributes: Readonly<Record<string, unknown>>,
  forms: Readonly<Record<string, HclForm>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, form] of Object.entries(forms)) {
    const value = attributes[name];
    if (value !== undefined) result[name] = { value, ...describe(form) };
  }
  return result;
}

function describe(form: HclForm): { isBlock: boolean; type: string; storageClassType: string } {
  switch (form) {
    case 'string':
    case 'number':
    case 'boolean':
      return { isBlock: false, type: 'simple', storageClassType: form };
    case 'stringList':
    case 'numberList':
    case 'booleanList':
      return { isBlock: false, type: 'list', storageClassType: form };
    case 'map':
      return { isBlock: false, type: 'map', storageClassType: 'stringMap' };
    case 'any':
      return { isBlock: false, type: 'any', storageClassType: 'any' };
    case 'block':
      return { isBlock: true, type: 'struct', storageClassType: 'struct' };
    case 'blocks':
      return { isBlock: true, type: 'list', storageClassType: 'structList' };
  }
}
