// What a provider is: its configuration, and the resources, data sources, ephemeral resources and functions it offers.
import type { Diagnostic } from '../diagnostics.ts';
import type { Logger } from '../logger.ts';
import type { ConfigModel, Schema } from '../schema/schema.ts';
import type { AnyDataSource, DataSource } from './data-source.ts';
import type { AnyEphemeralResource, EphemeralResource } from './ephemeral-resource.ts';
import type { AnyFunction } from './function.ts';
import type { AnyResource, CallRequest, Resource, ValidateConfigRequest } from './resource.ts';

/** See {@link Provider.configure}. */
export interface ConfigureRequest<S extends Schema> extends CallRequest {
  /** Values may be unknown while planning, where they come from resources that do not exist yet. */
  readonly config: ConfigModel<S>;
  /** Terraform's version, e.g. "1.11.4". */
  readonly terraformVersion: string;
  /**
   * Says that too little of the configuration is known to plan anything: call it where a value that is needed is unknown.
   * Where Terraform can wait (`-allow-deferral`), it then puts off every resource of this provider to a later run, and no
   * handler runs. Elsewhere nothing happens, and handlers run with what `configure` returns.
   * @returns true where Terraform will wait
   */
  defer(): boolean;
}

/** See {@link Provider.finish}. */
export interface FinishRequest<D> {
  /** What `configure` made. */
  readonly provider: D;
  /** Fires when the time is over. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/**
 * A provider.
 * @typeParam S the schema of its configuration
 * @typeParam D what `configure` makes, handed to every handler as `request.provider`
 */
export interface Provider<S extends Schema, D> {
  /** Its source address, e.g. `registry.terraform.io/acme/widgets`. */
  readonly address: string;
  /** Its version, for logs. */
  readonly version: string;
  readonly schema: S;
  /** Makes what handlers work with. Once per process; in debug mode repeatedly. Should not talk to the service. */
  configure(request: ConfigureRequest<S>): Promise<D>;
  /**
   * Called once where Terraform ends the process in good order: it has had every answer, and nobody interrupted. Not called
   * after Ctrl-C, nor where Terraform or the process was killed. Has a second; what it throws is only logged.
   */
  finish?(request: FinishRequest<D>): Promise<void>;
  /** Checks what single validators cannot. Runs with values still unknown. */
  validateConfig?(request: ValidateConfigRequest<S>): Promise<void>;
  /** By full type name, e.g. `widgets_widget`. */
  readonly resources: Readonly<Record<string, AnyResource<D>>>;
  /** By full type name. */
  readonly dataSources?: Readonly<Record<string, AnyDataSource<D>>>;
  /** By full type name. */
  readonly ephemeralResources?: Readonly<Record<string, AnyEphemeralResource<D>>>;
  /** By name without any prefix. */
  readonly functions?: Readonly<Record<string, AnyFunction>>;
  /**
   * Words the provider's own errors for the user. Return undefined for errors it does not know: they are shown by their
   * message alone. A stack trace is never shown; it is logged at debug level.
   */
  diagnose?(error: unknown): Diagnostic | readonly Diagnostic[] | undefined;
}

/** A provider of any schema, as the server holds it. */
export type AnyProvider = Provider<Schema, unknown>;

/** The definers for one type of provider data; see {@link withProviderData}. */
export interface Definers<D> {
  /** Declares a resource; the types of its handlers follow from its schema. */
  defineResource<S extends Schema>(definition: Resource<S, D>): Resource<S, D>;
  /** Declares a data source. */
  defineDataSource<S extends Schema>(definition: DataSource<S, D>): DataSource<S, D>;
  /** Declares an ephemeral resource. */
  defineEphemeralResource<S extends Schema>(definition: EphemeralResource<S, D>): EphemeralResource<S, D>;
  /** Declares the provider. */
  defineProvider<S extends Schema>(definition: Provider<S, D>): Provider<S, D>;
}

/**
 * The definers whose handlers get `D` as `request.provider`. TypeScript cannot infer one type parameter while
 * another is given, hence the step in between: `const { defineResource } = withProviderData<Client>()`.
 */
export function withProviderData<D>(): Definers<D> {
  return {
    defineResource: (definition) => definition,
    defineDataSource: (definition) => definition,
    defineEphemeralResource: (definition) => definition,
    defineProvider: (definition) => definition,
  };
}
