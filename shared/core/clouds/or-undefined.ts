// What is not there is no failure for whoever only looks. Imports the model.
import { NotFoundError } from '../model/index.ts';

/** Gives undefined instead of the error that something is not there. */
export async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
