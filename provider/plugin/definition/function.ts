// What a provider function is: typed parameters, a typed result, and a pure computation.
import type { KnownOf, Type } from '../schema/type.ts';
import type { CallRequest } from './resource.ts';

/** A parameter of a function. */
export interface Parameter<T extends Type = Type> {
  readonly name: string;
  readonly type: T;
  /** Markdown. */
  readonly description?: string;
}

/** The arguments, in the parameters' order. */
export type ArgumentsOf<P extends readonly Parameter[]> = {
  readonly [I in keyof P]: P[I] extends Parameter<infer T> ? KnownOf<T> : never;
};

/** See {@link ProviderFunction.call}. */
export interface FunctionRequest<P extends readonly Parameter[], V extends Type>
  extends Omit<CallRequest, 'diagnostics'> {
  /** The arguments: wholly known, in the parameters' order. */
  readonly args: ArgumentsOf<P>;
  /** The further arguments, where the function has a variadic parameter. */
  readonly rest: readonly KnownOf<V>[];
}

/** Throw it from a function to blame one of its arguments (from 0). */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
  readonly argument: number;

  constructor(argument: number, message: string) {
    super(message);
    this.argument = argument;
  }
}

/** A function of the provider, called as `provider::type::name(…)` (Terraform ≥ 1.8). Runs without `configure`. */
export interface ProviderFunction<P extends readonly Parameter[], V extends Type, R extends Type> {
  /** One sentence. */
  readonly summary: string;
  /** Markdown. */
  readonly description?: string;
  readonly parameters: P;
  readonly variadic?: Parameter<V>;
  readonly returns: R;
  /** Computes the result. Must give the same result for the same arguments. */
  call(request: FunctionRequest<P, V>): Promise<KnownOf<R>>;
}

/** A function of any signature, as a provider holds it. */
export type AnyFunction = ProviderFunction<readonly Parameter[], Type, Type>;

/** Declares a function; its arguments are typed by its parameters. */
export function defineFunction<
  const P extends readonly Parameter[],
  R extends Type,
  V extends Type = Type<never>,
>(definition: ProviderFunction<P, V, R>): ProviderFunction<P, V, R> {
  return definition;
}
