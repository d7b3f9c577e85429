// What an ephemeral resource is: a value that exists while Terraform runs and is stored nowhere (Terraform ≥ 1.10).
import type { KnownConfigModel, Schema, StateModel } from '../schema/schema.ts';
import type { PrivateState } from './private-state.ts';
import type { ProviderRequest, ValidateConfigRequest } from './resource.ts';

/** See {@link EphemeralResource.open}. */
export interface OpenRequest<S extends Schema, D> extends ProviderRequest<D> {
  /** What the user wrote; wholly known: Terraform waits until it is. */
  readonly config: KnownConfigModel<S>;
  /** What `renew` and `close` need. Terraform keeps it in memory only, so secrets are fine here. */
  readonly privateState: PrivateState;
}

/** See {@link EphemeralResource.renew} and {@link EphemeralResource.close}. */
export interface OpenedRequest<D> extends ProviderRequest<D> {
  /** What `open` kept. A further `renew` also sees what the one before it kept; `close` does not. */
  readonly privateState: PrivateState;
}

/** When to call `renew`. */
export interface Renewal {
  /** Terraform renews then, should it still need the value. Absent: never again. */
  readonly renewAt?: Date | undefined;
}

/** What `open` returns. */
export interface Opened<S extends Schema> extends Renewal {
  /** The values, usually `{ ...config, … }`: configured values must come back as they are. */
  readonly result: StateModel<S>;
}

/**
 * An ephemeral resource. Its values reach neither plan nor state: for tokens, passwords and links that expire.
 * Terraform opens it in every phase that needs it, so a plan and its apply open it once each.
 * @typeParam S its schema
 * @typeParam D what the provider's `configure` returns
 */
export interface EphemeralResource<S extends Schema, D> {
  readonly schema: S;
  /** Makes the value. An `open` that fails is not closed by Terraform: take back yourself what was made so far. */
  open(request: OpenRequest<S, D>): Promise<Opened<S>>;
  /** Prolongs the value's life; the value itself cannot change. After an error Terraform renews no more. */
  renew?(request: OpenedRequest<D>): Promise<Renewal>;
  /** Ends the value's life, once nothing needs it any more. */
  close?(request: OpenedRequest<D>): Promise<void>;
  /** Checks what single validators cannot. Runs repeatedly, before `configure`, with values still unknown. */
  validateConfig?(request: ValidateConfigRequest<S>): Promise<void>;
}

/** An ephemeral resource of any schema, as a provider holds it. */
export type AnyEphemeralResource<D> = EphemeralResource<Schema, D>;
