// Makes of anything thrown what the window may see. Redacts.
import { ImageBridgeError, redactText } from '@imagebridge/core';
import { EngineError, type Problem } from '@imagebridge/desktop-contract';

/** What the window may see of something thrown. What is not ours is a fault of the program: it says so, without a stack. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof EngineError) return thrown.problem;
  if (!(thrown instanceof ImageBridgeError)) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return {
      kind: 'internal',
      message: `The program failed: ${redactText(text)}`,
      hint: 'Try it again; if it stays so, report it with the diagnostics.',
    };
  }
  const { code, httpStatus, requestId, cloud, object, operation, reason, serviceMessage, hint } =
    thrown.details;
  return {
    kind: thrown.kind,
    message: thrown.message,
    ...{ operation, reason, serviceMessage, hint, code, status: httpStatus, requestId, cloud, object },
  };
}
