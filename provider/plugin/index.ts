// The public face of the plugin framework. See README.md for a guide and example/ for a whole provider.
export type { AnyDataSource, DataSource, ReadDataRequest } from './definition/data-source.ts';
export type {
  AnyEphemeralResource,
  EphemeralResource,
  Opened,
  OpenedRequest,
  OpenRequest,
  Renewal,
} from './definition/ephemeral-resource.ts';
export {
  type AnyFunction,
  ArgumentError,
  type ArgumentsOf,
  defineFunction,
  type FunctionRequest,
  type Parameter,
  type ProviderFunction,
} from './definition/function.ts';
export {
  type PlanModifier,
  type PlanModifierRequest,
  type PlanModifierResult,
  planModifiers,
} from './definition/plan-modifier.ts';
export type { PrivateState } from './definition/private-state.ts';
export {
  type AnyProvider,
  type ConfigureRequest,
  type Definers,
  type FinishRequest,
  type Provider,
  withProviderData,
} from './definition/provider.ts';
export type {
  AnyResource,
  CallRequest,
  CreateRequest,
  DeleteRequest,
  ImportRequest,
  ModifyPlanRequest,
  MoveStateRequest,
  ProviderRequest,
  ReadRequest,
  Resource,
  UpdateRequest,
  UpgradeStateRequest,
  ValidateConfigRequest,
} from './definition/resource.ts';
export { duration, durationMs, type TimedOperation, timeoutMs, timeouts } from './definition/timeouts.ts';
export {
  check,
  type Range,
  type ValidateRequest,
  type Validator,
  validators,
} from './definition/validator.ts';
export { type Diagnostic, DiagnosticError, Diagnostics, failure, type Severity } from './diagnostics.ts';
export type { LogFields, Logger } from './logger.ts';
export {
  type Attribute,
  type AttributeModels,
  type AttributeOptions,
  type Attributes,
  a,
  type CommonOptions,
  type ComputedOptions,
  type ModelOf,
  type ModelsFor,
  type Nesting,
  type ObjectModel,
  type OptionalOptions,
  type RequiredOptions,
} from './schema/attribute.ts';
export {
  type Block,
  type BlockOptions,
  type Blocks,
  b,
  type ConfigModel,
  type KnownConfigModel,
  type PartialState,
  type PlanModel,
  type PlannedModel,
  type RepeatedBlockOptions,
  type Schema,
  type SchemaOptions,
  type StateModel,
  type StubModel,
  schema,
} from './schema/schema.ts';
export { type Dynamic, type KnownOf, type MaybeOf, type Type, t, type ValueType } from './schema/type.ts';
export {
  type AttributeJson,
  type BlockJson,
  type FunctionJson,
  type ParameterJson,
  type ProviderSchemaJson,
  type SchemaJson,
  schemaJson,
  type TypeJson,
} from './schema-json.ts';
export { type ProviderModule, type ServeOptions, serve } from './serve.ts';
export { AttributePath, type PathStep, path } from './values/path.ts';
export { isKnown, isUnknown, isWhollyKnown, UNKNOWN, type Unknown } from './values/unknown.ts';
