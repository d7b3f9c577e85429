// Replaces `${NAME}` in the values of a profile by environment variables. Pure.
import { InvalidInputError } from '../model/index.ts';

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A copy of a tree of values in which every text that is `${NAME}`, or holds it, has the variable's value.
 * @param where what the values belong to, for messages
 * @throws InvalidInputError naming the field and the variable that is not set
 */
export function interpolate(value: unknown, env: Environment, where: string, path = ''): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const found = env[name];
      if (found !== undefined && found !== '') return found;
      throw new InvalidInputError({
        operation: `read ${where}`,
        reason: `the field ${path} wants the environment variable ${name}, which is not set`,
        hint: `Set ${name}, or write the value into the file.`,
      });
    });
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => interpolate(item, env, where, `${path}[${index}]`));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        interpolate(item, env, where, path === '' ? name : `${path}.${name}`),
      ]),
    );
  }
  return value;
}
