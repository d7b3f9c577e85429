import { describe, expect, it } from 'vitest';
import { parseImportId } from './place.ts';

describe('parseImportId', () => {
  it('reads the object alone, or after its cloud and region', () => {
    expect(parseImportId('i-1', ['IMAGE_ID'])).toEqual({ cloud: null, region: null, parts: ['i-1'] });
    expect(parseImportId('prod/r-1/i-1/p-1', ['IMAGE_ID', 'PROJECT_ID'])).toEqual({
      cloud: 'prod',
      region: 'r-1',
      parts: ['i-1', 'p-1'],
    });
  });

  it.each(['', 'r-1/i-1', 'a/b/c/d', 'prod//i-1', '/r-1/i-1'])('refuses %j, naming both forms', (id) => {
    expect(() => parseImportId(id, ['IMAGE_ID'])).toThrow(
      expect.objectContaining({
        diagnostics: [expect.objectContaining({ detail: expect.stringContaining('CLOUD/REGION/IMAGE_ID') })],
      }),
    );
  });
});
