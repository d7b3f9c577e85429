// What a managed resource is: a schema, and what to do on each of Terraform's calls.
import type { Diagnostics } from '../diagnostics.ts';
import type { Logger } from '../logger.ts';
import type {
  ConfigModel,
  KnownConfigModel,
  PartialState,
  PlanModel,
  PlannedModel,
  Schema,
  StateModel,
  StubModel,
} from '../schema/schema.ts';
import type { AttributePath } from '../values/path.ts';
import type { PrivateState } from './private-state.ts';

/** What every handler gets. */
export interface CallRequest {
  /** Fires on StopProvider (Ctrl-C), Shutdown and when Terraform dies. Then finish soon: save state, throw. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Errors and warnings for the user; shown whether the handler returns or throws. */
  readonly diagnostics: Diagnostics;
}

/** What handlers that may talk to the service get. */
export interface ProviderRequest<D> extends CallRequest {
  /** What the provider's `configure` returned. */
  readonly provider: D;
}

/** See {@link Resource.create}. */
export interface CreateRequest<S extends Schema, D> extends ProviderRequest<D> {
  /** What to make. Computed values are unknown; the result must keep every value that is known here. */
  readonly plan: PlannedModel<S>;
  /** The configuration; the only place that has write-only values. */
  readonly config: KnownConfigModel<S>;
  readonly privateState: PrivateState;
  /**
   * Records what exists so far. Call it as soon as the id is known: should the handler then throw, crash-free
   * or cancelled, Terraform keeps the object as tainted instead of losing sight of it. What is not named is taken from
   * the plan, where known. May be called repeatedly; the last call counts.
   */
  setState(state: PartialState<S>): void;
}

/** See {@link Resource.read}. */
export interface ReadRequest<S extends Schema, D> extends ProviderRequest<D> {
  /** What was stored; after an import only what `importState` named. */
  readonly state: StubModel<S>;
  readonly privateState: PrivateState;
}

/** See {@link Resource.update}. */
export interface UpdateRequest<S extends Schema, D> extends ProviderRequest<D> {
  /** What was stored before. */
  readonly state: StateModel<S>;
  /** What it should become; the result must keep every value that is known here. */
  readonly plan: PlannedModel<S>;
  /** The configuration; the only place that has write-only values. */
  readonly config: KnownConfigModel<S>;
  readonly privateState: PrivateState;
  /**
   * Records what has been changed so far, should the handler then throw. What is not named keeps its prior value.
   */
  setState(state: Partial<StateModel<S>>): void;
}

/** See {@link Resource.delete}. */
export interface DeleteRequest<S extends Schema, D> extends ProviderRequest<D> {
  /** What was stored; a stub after a create that failed half way. */
  readonly state: StubModel<S>;
  readonly privateState: PrivateState;
}

/** See {@link Resource.importState}. */
export interface ImportRequest<D> extends ProviderRequest<D> {
  /** The id given to `terraform import` or in an `import` block. */
  readonly id: string;
  readonly privateState: PrivateState;
}

/** See {@link Resource.modifyPlan}. */
export interface ModifyPlanRequest<S extends Schema, D> extends ProviderRequest<D> {
  /** What the user wrote; null on destroy. */
  readonly config: ConfigModel<S> | null;
  /** What was stored before; null on create. */
  readonly state: StateModel<S> | null;
  /** What is planned so far; null on destroy. */
  readonly plan: PlanModel<S> | null;
  readonly privateState: PrivateState;
  /** Plans a replacement because of this attribute. Terraform ignores it where the value there does not change. */
  requiresReplace(path: AttributePath): void;
}

/** See {@link Resource.validateConfig}. */
export interface ValidateConfigRequest<S extends Schema> extends CallRequest {
  readonly config: ConfigModel<S>;
}

/** See {@link Resource.upgradeState}. */
export interface UpgradeStateRequest extends CallRequest {
  /** The stored state as JSON, written by the old version. Numbers are `LosslessNumber` where a double would lose digits. */
  readonly rawState: Readonly<Record<string, unknown>>;
}

/** See {@link Resource.moveState}. */
export interface MoveStateRequest extends CallRequest {
  /** The provider it comes from, e.g. `registry.terraform.io/acme/widgets`; may be this one. */
  readonly sourceProviderAddress: string;
  /** The resource type it comes from. */
  readonly sourceTypeName: string;
  /** The schema version that the source's state was written with. */
  readonly sourceSchemaVersion: number;
  /** The source's state as JSON. Numbers are `LosslessNumber` where a double would lose digits. */
  readonly sourceState: Readonly<Record<string, unknown>>;
  /** Begins with what the source kept where it is of this provider, else empty. */
  readonly privateState: PrivateState;
}

/**
 * A managed resource. The optional members are abilities: leave out what the resource cannot do.
 * @typeParam S its schema
 * @typeParam D what the provider's `configure` returns
 */
export interface Resource<S extends Schema, D> {
  readonly schema: S;
  /** Makes the object. Returns its complete state, usually `{ ...plan, id, … }`. */
  create(request: CreateRequest<S, D>): Promise<StateModel<S>>;
  /** Looks at the object. Returns its state as it is now, or null where it is gone. */
  read(request: ReadRequest<S, D>): Promise<StateModel<S> | null>;
  /** Changes the object in place. A resource without it plans a replacement for every change. */
  update?(request: UpdateRequest<S, D>): Promise<StateModel<S>>;
  /** Removes the object; one that is already gone is no error. */
  delete(request: DeleteRequest<S, D>): Promise<void>;
  /** Finds the object by an id; `read` then fills in the rest. */
  importState?(request: ImportRequest<D>): Promise<PartialState<S>>;
  /**
   * Looks at the whole plan, also on destroy. Returns the changed plan, or null or undefined to leave it.
   * Only computed values whose configuration is null may be changed.
   */
  modifyPlan?(request: ModifyPlanRequest<S, D>): Promise<PlanModel<S> | null | undefined>;
  /** Checks what single validators cannot. Runs repeatedly, before `configure`, with values still unknown. */
  validateConfig?(request: ValidateConfigRequest<S>): Promise<void>;
  /**
   * Turns the state of an older schema version into a current one; the key is the version it starts from.
   * Each goes to the current version in one step. What it leaves out is null.
   */
  readonly upgradeState?: Readonly<
    Record<number, (request: UpgradeStateRequest) => Promise<Readonly<Record<string, unknown>>>>
  >;
  /**
   * Takes over an object of another resource type, for `moved` blocks (Terraform ≥ 1.8). Returns its state as one of this
   * type, or undefined where the source is none it knows. What it leaves out is null until `read`.
   */
  moveState?(request: MoveStateRequest): Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** A resource of any schema, as a provider holds it. */
export type AnyResource<D> = Resource<Schema, D>;
