import { TerraformStack, TerraformVariable } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { testApp, variable } from './testing.ts';
import { checkEach } from './validation.ts';

const stack = () => new TerraformStack(testApp(), 'stack');

describe('checkEach', () => {
  test.each([
    [['a', 'b', 'a'], 'stack: projectIds: got "a" twice, expected each project once.'],
    [['"', '"'], 'stack: projectIds: got "\\"" twice, expected each project once.'],
    [['a', ' '], 'stack: projectIds: got " ", expected a text that is not blank.'],
  ])('refuses %j', (values, message) => {
    expect(() => checkEach(stack(), 'projectIds', 'project', values)).toThrow(new Error(message));
  });

  test('lets pass none, each once, and what is known after apply', () => {
    const scope = stack();
    const known = new TerraformVariable(scope, 'all', { type: 'list(string)' }).listValue;
    for (const values of [[], ['a', 'b'], ['a', variable(scope)], known]) {
      expect(() => checkEach(scope, 'projectIds', 'project', values)).not.toThrow();
    }
  });
});
