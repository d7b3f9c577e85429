import { JobFailedError, LocalFileError } from '@imagebridge/core';
import { DiagnosticError, path } from '@imagebridge/terraform-plugin';
import { describe, expect, it } from 'vitest';
import { at, diagnose } from './diagnose.ts';

const failed = new JobFailedError({
  operation: 'import bucket/key as "base"',
  cloud: 'huaweicloud "prod" (region-1)',
  object: 'job 7',
  code: 'IMG.0057',
  serviceMessage: 'wrong format',
  httpStatus: 200,
  requestId: 'req-1',
  reason: 'the cloud accepted the work and failed it later',
  hint: 'Convert the file.',
  cause: new Error('inner secret detail'),
});

describe('diagnose', () => {
  it('says what was tried in the title, and all else, but no cause and no stack, in the text', () => {
    expect(diagnose(failed)).toEqual({
      severity: 'error',
      summary: 'Could not import bucket/key as "base" on huaweicloud "prod" (region-1)',
      detail:
        'The cloud accepted the work and failed it later.\nThe service answered: wrong format\nCode: IMG.0057\n' +
        'HTTP status: 200\nRequest id: req-1\nObject: job 7\n\nConvert the file.',
      path: undefined,
    });
  });

  it('leaves other errors to the framework', () => {
    expect(diagnose(new Error('x'))).toBeUndefined();
    expect(diagnose({ kind: 'conflict', details: { operation: 'x' } })).toBeUndefined();
  });

  it('points at an attribute', () => {
    const error = at(path('name'), new LocalFileError({ operation: 'read x', reason: 'it is missing' }));
    expect(error).toBeInstanceOf(DiagnosticError);
    expect(error instanceof DiagnosticError && error.diagnostics[0]?.path?.toString()).toBe('name');
    const other = new Error('x');
    expect(at(path('name'), other)).toBe(other);
  });
});
