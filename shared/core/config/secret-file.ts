// A file with secrets, for machines without a keychain. Readable by its owner only.
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { LocalFileError } from '../model/index.ts';
import { writePrivateFile } from './write-file.ts';

const schema = z.object({ version: z.literal(1), secrets: z.record(z.string(), z.string()) });

/** Secrets in a file, by the name of an entry. The file is read at each call: other processes write it too. */
export class SecretFile {
  readonly path: string;

  /** @param path of the file, which need not exist */
  constructor(path: string) {
    this.path = path;
  }

  /** @throws LocalFileError when the file is there and cannot be read */
  get(account: string): string | undefined {
    const secrets = this.#read();
    return Object.hasOwn(secrets, account) ? secrets[account] : undefined;
  }

  /** @throws LocalFileError when the file cannot be read or written */
  set(account: string, text: string): void {
    this.#write({ ...this.#read(), [account]: text });
  }

  /** @returns false when there was no such entry @throws LocalFileError */
  remove(account: string): boolean {
    const secrets = this.#read();
    if (!Object.hasOwn(secrets, account)) return false;
    const { [account]: _, ...rest } = secrets;
    this.#write(rest);
    return true;
  }

  /** True when others than the owner may read the file. */
  isOpenToOthers(): boolean {
    if (process.platform === 'win32') return false;
    try {
      return (statSync(this.path).mode & 0o077) !== 0;
    } catch {
      return false;
    }
  }

  #read(): Record<string, string> {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      if (code === 'ENOENT') return {};
      throw this.#unreadable(code || 'the file cannot be read', cause);
    }
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch {
      // No cause: the parser's message quotes the text.
      throw this.#unreadable('it is no JSON');
    }
    const result = schema.safeParse(content);
    if (!result.success) throw this.#unreadable('it is no file of secrets of this version');
    return result.data.secrets;
  }

  #write(secrets: Record<string, string>): void {
    const text = `${JSON.stringify({ version: 1, secrets }, undefined, 2)}\n`;
    writePrivateFile(this.path, text, 'secrets');
  }

  #unreadable(reason: string, cause?: unknown): LocalFileError {
    return new LocalFileError({
      operation: `read the secrets in ${this.path}`,
      reason,
      hint: 'Repair the file, or remove it and store the secrets again.',
      cause,
    });
  }
}
