// What a data source is: a schema, and how to read it.
import type { KnownConfigModel, Schema, StateModel } from '../schema/schema.ts';
import type { ProviderRequest, ValidateConfigRequest } from './resource.ts';

/** See {@link DataSource.read}. */
export interface ReadDataRequest<S extends Schema, D> extends ProviderRequest<D> {
  /** What the user wrote; wholly known: Terraform waits until it is. */
  readonly config: KnownConfigModel<S>;
}

/**
 * A data source.
 * @typeParam S its schema
 * @typeParam D what the provider's `configure` returns
 */
export interface DataSource<S extends Schema, D> {
  readonly schema: S;
  /** Returns the result, usually `{ ...config, … }`: configured values must come back as they are. */
  read(request: ReadDataRequest<S, D>): Promise<StateModel<S>>;
  /** Checks what single validators cannot. Runs repeatedly, before `configure`, with values still unknown. */
  validateConfig?(request: ValidateConfigRequest<S>): Promise<void>;
}

/** A data source of any schema, as a provider holds it. */
export type AnyDataSource<D> = DataSource<Schema, D>;
