// Which of the two libraries a test project runs on: without this, an alias that is lost would go unnoticed.
import * as cdktf from 'cdktf';
import { expect, test } from 'vitest';
import { testApp } from './testing.ts';

test('the project "successor" runs on cdktn, all others on cdktf', () => {
  const app = testApp({ stubVersion: false, enableFutureFlags: false, fakeCdktfJsonPath: true });
  const stack = new cdktf.TerraformStack(app, 'stack');
  const version = process.env.IMAGEBRIDGE_CDKTF === 'cdktn' ? '0.24.0' : '0.21.0';
  expect(stack.toTerraform()).toMatchObject({ '//': { metadata: { version } } });
  expect('TerraformEphemeralResource' in cdktf).toBe(version === '0.24.0');
});
