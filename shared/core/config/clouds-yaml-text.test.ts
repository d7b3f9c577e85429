// The text of a clouds.yaml: clouds, their secrets apart, and what is wrong with each.
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseCloudsYaml } from './clouds-yaml-text.ts';

const TEXT = `
clouds:
  good:
    region_name: R1
    auth:
      auth_url: https://keystone.example/v3
      username: u
      user_domain_name: Default
      project_name: p
      project_domain_name: Default
      password: topsecret-1
  bad:
    region_name: R1
    auth: { username: u, password: topsecret-2 }
  "odd": nothing
`;

describe('the text of a clouds.yaml', () => {
  it('gives fields without secrets, secrets, and what is wrong', () => {
    const [good, bad, odd] = parseCloudsYaml(TEXT);
    expect(good).toMatchObject({
      name: 'good',
      fields: { family: 'openstack', auth_url: 'https://keystone.example/v3', region: 'R1' },
      problem: undefined,
    });
    expect(good?.secrets.get('password')?.reveal()).toBe('topsecret-1');
    expect(bad?.problem?.message).toContain('the field auth_url is missing');
    expect(odd?.problem?.message).toContain('the field auth_url is missing');
    expect(inspect([good, bad, odd], { depth: 9 })).not.toContain('topsecret');
  });

  it.each([
    ['clouds: [', 'line 1 is no correct YAML'],
    ['topsecret', 'it has no field clouds'],
    ['clouds: topsecret', 'it has no field clouds'],
    ['', 'it has no field clouds'],
  ])('refuses %j without quoting it', (text, why) => {
    const thrown = (() => {
      try {
        return parseCloudsYaml(text);
      } catch (error) {
        return error;
      }
    })();
    expect(String(thrown)).toContain(why);
    expect(inspect(thrown)).not.toContain('topsecret');
  });
});
