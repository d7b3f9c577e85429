// The messages of Terraform's plugin protocol 6 that are used here, with the field numbers of tfplugin6.proto.
import { f, type Message, message } from './protobuf.ts';

/** A value: MessagePack, or JSON where MessagePack is empty. */
export const DynamicValue = message({ msgpack: f.bytes(1), json: f.bytes(2) });

export const PathStepMessage = message({
  attributeName: f.optionalString(1),
  elementKeyString: f.optionalString(2),
  elementKeyInt: f.optionalInt64(3),
});
export const AttributePathMessage = message({ steps: f.list(1, () => PathStepMessage) });

/** Severities of {@link DiagnosticMessage}. */
export const SEVERITY = { error: 1, warning: 2 } as const;
export const DiagnosticMessage = message({
  severity: f.int64(1),
  summary: f.string(2),
  detail: f.string(3),
  attribute: f.message(4, () => AttributePathMessage),
});
const diagnostics = (no: number) => f.list(no, () => DiagnosticMessage);
const dynamic = (no: number) => f.message(no, () => DynamicValue);

/** `StringKind`: descriptions are markdown. */
export const MARKDOWN = 1;
/** `NestingMode` of nested attributes and blocks. */
export const NESTING = { single: 1, list: 2, set: 3, map: 4 } as const;

/** An attribute of a schema. */
export interface AttributeContent {
  name: string;
  type: Uint8Array;
  nestedType: ObjectContent | undefined;
  description: string;
  required: boolean;
  optional: boolean;
  computed: boolean;
  sensitive: boolean;
  descriptionKind: number;
  deprecated: boolean;
  writeOnly: boolean;
  deprecationMessage: string;
}
/** Nested attributes. */
export interface ObjectContent {
  attributes: readonly AttributeContent[];
  nesting: number;
}
/** A block's content. */
export interface BlockContent {
  version: number;
  attributes: readonly AttributeContent[];
  blockTypes: readonly NestedBlockContent[];
  description: string;
  descriptionKind: number;
  deprecated: boolean;
  deprecationMessage: string;
}
/** A nested block type. */
export interface NestedBlockContent {
  typeName: string;
  block: BlockContent | undefined;
  nesting: number;
  minItems: number;
  maxItems: number;
}

const AttributeMessage: Message<AttributeContent> = message<AttributeContent>({
  name: f.string(1),
  type: f.bytes(2),
  nestedType: f.message(10, () => ObjectMessage),
  description: f.string(3),
  required: f.bool(4),
  optional: f.bool(5),
  computed: f.bool(6),
  sensitive: f.bool(7),
  descriptionKind: f.int64(8),
  deprecated: f.bool(9),
  writeOnly: f.bool(11),
  deprecationMessage: f.string(12),
});
const ObjectMessage: Message<ObjectContent> = message<ObjectContent>({
  attributes: f.list(1, () => AttributeMessage),
  nesting: f.int64(3),
});
const BlockMessage: Message<BlockContent> = message<BlockContent>({
  version: f.int64(1),
  attributes: f.list(2, () => AttributeMessage),
  blockTypes: f.list(3, () => NestedBlockMessage),
  description: f.string(4),
  descriptionKind: f.int64(5),
  deprecated: f.bool(6),
  deprecationMessage: f.string(7),
});
const NestedBlockMessage: Message<NestedBlockContent> = message<NestedBlockContent>({
  typeName: f.string(1),
  block: f.message(2, () => BlockMessage),
  nesting: f.int64(3),
  minItems: f.int64(4),
  maxItems: f.int64(5),
});
export const SchemaMessage = message({ version: f.int64(1), block: f.message(2, () => BlockMessage) });

export const ParameterMessage = message({
  name: f.string(1),
  type: f.bytes(2),
  allowNullValue: f.bool(3),
  allowUnknownValues: f.bool(4),
  description: f.string(5),
  descriptionKind: f.int64(6),
});
const ReturnMessage = message({ type: f.bytes(1) });
export const FunctionMessage = message({
  parameters: f.list(1, () => ParameterMessage),
  variadicParameter: f.message(2, () => ParameterMessage),
  return: f.message(3, () => ReturnMessage),
  summary: f.string(4),
  description: f.string(5),
  descriptionKind: f.int64(6),
});

const ServerCapabilities = message({
  planDestroy: f.bool(1),
  getProviderSchemaOptional: f.bool(2),
  moveResourceState: f.bool(3),
});
export const ClientCapabilities = message({
  deferralAllowed: f.bool(1),
  writeOnlyAttributesAllowed: f.bool(2),
});
/** Why something is put off. */
export const DEFERRED = { providerConfigUnknown: 2 } as const;
const Deferred = message({ reason: f.int64(1) });
const deferred = (no: number) => f.message(no, () => Deferred);
const capabilities = (no: number) => f.message(no, () => ClientCapabilities);
const RawState = message({ json: f.bytes(1) });
const ImportedResource = message({ typeName: f.string(1), state: dynamic(2), private: f.bytes(3) });
const FunctionError = message({ text: f.string(1), functionArgument: f.optionalInt64(2) });

/** A moment: google.protobuf.Timestamp. */
export const Timestamp = message({ seconds: f.int64(1), nanos: f.int64(2) });

/** A message without fields. */
export const Empty = message({});

/** The calls of `tfplugin6.Provider` that are served: request and response of each. */
export const calls = {
  GetProviderSchema: {
    request: Empty,
    response: message({
      provider: f.message(1, () => SchemaMessage),
      resourceSchemas: f.map(2, () => SchemaMessage),
      dataSourceSchemas: f.map(3, () => SchemaMessage),
      diagnostics: diagnostics(4),
      serverCapabilities: f.message(6, () => ServerCapabilities),
      functions: f.map(7, () => FunctionMessage),
      ephemeralResourceSchemas: f.map(8, () => SchemaMessage),
    }),
  },
  ValidateProviderConfig: {
    request: message({ config: dynamic(1) }),
    response: message({ diagnostics: diagnostics(2) }),
  },
  ValidateResourceConfig: {
    request: message({
      typeName: f.string(1),
      config: dynamic(2),
      clientCapabilities: capabilities(3),
    }),
    response: message({ diagnostics: diagnostics(1) }),
  },
  ValidateDataResourceConfig: {
    request: message({ typeName: f.string(1), config: dynamic(2) }),
    response: message({ diagnostics: diagnostics(1) }),
  },
  ConfigureProvider: {
    request: message({
      terraformVersion: f.string(1),
      config: dynamic(2),
      clientCapabilities: capabilities(3),
    }),
    response: message({ diagnostics: diagnostics(1) }),
  },
  UpgradeResourceState: {
    request: message({ typeName: f.string(1), version: f.int64(2), rawState: f.message(3, () => RawState) }),
    response: message({ upgradedState: dynamic(1), diagnostics: diagnostics(2) }),
  },
  ReadResource: {
    request: message({
      typeName: f.string(1),
      currentState: dynamic(2),
      private: f.bytes(3),
      clientCapabilities: capabilities(5),
    }),
    response: message({
      newState: dynamic(1),
      diagnostics: diagnostics(2),
      private: f.bytes(3),
      deferred: deferred(4),
    }),
  },
  PlanResourceChange: {
    request: message({
      typeName: f.string(1),
      priorState: dynamic(2),
      proposedNewState: dynamic(3),
      config: dynamic(4),
      priorPrivate: f.bytes(5),
      clientCapabilities: capabilities(7),
    }),
    response: message({
      plannedState: dynamic(1),
      requiresReplace: f.list(2, () => AttributePathMessage),
      plannedPrivate: f.bytes(3),
      diagnostics: diagnostics(4),
      deferred: deferred(6),
    }),
  },
  ApplyResourceChange: {
    request: message({
      typeName: f.string(1),
      priorState: dynamic(2),
      plannedState: dynamic(3),
      config: dynamic(4),
      plannedPrivate: f.bytes(5),
    }),
    response: message({ newState: dynamic(1), private: f.bytes(2), diagnostics: diagnostics(3) }),
  },
  ImportResourceState: {
    request: message({ typeName: f.string(1), id: f.string(2), clientCapabilities: capabilities(3) }),
    response: message({
      importedResources: f.list(1, () => ImportedResource),
      diagnostics: diagnostics(2),
      deferred: deferred(3),
    }),
  },
  MoveResourceState: {
    request: message({
      sourceProviderAddress: f.string(1),
      sourceTypeName: f.string(2),
      sourceSchemaVersion: f.int64(3),
      sourceState: f.message(4, () => RawState),
      targetTypeName: f.string(5),
      sourcePrivate: f.bytes(6),
    }),
    response: message({ targetState: dynamic(1), diagnostics: diagnostics(2), targetPrivate: f.bytes(3) }),
  },
  ReadDataSource: {
    request: message({ typeName: f.string(1), config: dynamic(2), clientCapabilities: capabilities(4) }),
    response: message({ state: dynamic(1), diagnostics: diagnostics(2), deferred: deferred(3) }),
  },
  ValidateEphemeralResourceConfig: {
    request: message({ typeName: f.string(1), config: dynamic(2) }),
    response: message({ diagnostics: diagnostics(1) }),
  },
  OpenEphemeralResource: {
    request: message({ typeName: f.string(1), config: dynamic(2), clientCapabilities: capabilities(3) }),
    response: message({
      diagnostics: diagnostics(1),
      renewAt: f.message(2, () => Timestamp),
      result: dynamic(3),
      private: f.bytes(4),
      deferred: deferred(5),
    }),
  },
  RenewEphemeralResource: {
    request: message({ typeName: f.string(1), private: f.bytes(2) }),
    response: message({
      diagnostics: diagnostics(1),
      renewAt: f.message(2, () => Timestamp),
      private: f.bytes(3),
    }),
  },
  CloseEphemeralResource: {
    request: message({ typeName: f.string(1), private: f.bytes(2) }),
    response: message({ diagnostics: diagnostics(1) }),
  },
  CallFunction: {
    request: message({ name: f.string(1), arguments: f.list(2, () => DynamicValue) }),
    response: message({ result: dynamic(1), error: f.message(2, () => FunctionError) }),
  },
  StopProvider: {
    request: Empty,
    response: message({ error: f.string(1) }),
  },
} as const;
