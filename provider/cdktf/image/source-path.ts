// Where Terraform finds a file that the program names. Touches no file: the image file need not be there to plan.
import { isAbsolute, join, relative, resolve } from 'node:path';
import { App, TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * A path as the synthesised stack must name it. Terraform runs in the stack's folder below `cdktf.out`, the program
 * in the project's: a relative path is rewritten, and so stays the same on every machine the project is checked out
 * on. Absolute paths and tokens stay as they are.
 */
export function sourcePath(scope: Construct, path: string): string {
  if (Token.isUnresolved(path) || isAbsolute(path)) return path;
  const stackPath = join(App.of(scope).outdir, 'stacks', TerraformStack.of(scope).node.id);
  return relative(resolve(stackPath), resolve(path)).replaceAll('\\', '/');
}
