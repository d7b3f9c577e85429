// Checks of accounts before they are declared: secrets are references, pairs are whole. Pure.
import type { Construct } from 'constructs';
import { checkSecret, checkText, invalid } from '../validation.ts';
import type { HuaweicloudProps, OpenstackProps, UcloudstackProps } from './cloud-props.ts';

/** @throws Error when a value is blank, a secret is a literal, or half of a pair is missing */
export function checkHuaweicloud(scope: Construct, id: string, props: HuaweicloudProps): void {
  checkText(scope, `region of cloud "${id}"`, props.region);
  checkSecrets(scope, id, props, ['password', 'secretKey', 'securityToken']);
  checkPairs(scope, id, props, [
    ['user', 'password'],
    ['user', 'domain'],
    ['password', 'user'],
    ['accessKey', 'secretKey'],
    ['secretKey', 'accessKey'],
  ]);
}

/** @throws Error when a value is blank, a secret is a literal, or half of a pair is missing */
export function checkOpenstack(scope: Construct, id: string, props: OpenstackProps): void {
  checkText(scope, `authUrl of cloud "${id}"`, props.authUrl);
  checkSecrets(scope, id, props, ['password', 'token', 'applicationCredentialSecret']);
  checkPairs(scope, id, props, [
    ['username', 'password'],
    ['userId', 'password'],
    ['applicationCredentialId', 'applicationCredentialSecret'],
    ['applicationCredentialName', 'applicationCredentialSecret'],
  ]);
  const ways = (['password', 'token', 'applicationCredentialSecret'] as const).filter(
    (what) => props[what] !== undefined,
  );
  if (ways.length > 1) throw invalid(scope, `cloud "${id}"`, ways.join(' and '), 'one of them');
}

/** @throws Error when a value is blank, a secret is a literal, or half of a pair is missing */
export function checkUcloudstack(scope: Construct, id: string, props: UcloudstackProps): void {
  checkText(scope, `region of cloud "${id}"`, props.region);
  checkText(scope, `endpoint of cloud "${id}"`, props.endpoint);
  checkSecrets(scope, id, props, ['privateKey', 'securityToken']);
  checkPairs(scope, id, props, [
    ['publicKey', 'privateKey'],
    ['privateKey', 'publicKey'],
  ]);
}

function checkSecrets<P>(scope: Construct, id: string, props: P, names: readonly (keyof P & string)[]): void {
  for (const name of names) {
    const value: unknown = props[name];
    if (typeof value === 'string') checkSecret(scope, `${name} of cloud "${id}"`, value);
  }
}

function checkPairs<P>(
  scope: Construct,
  id: string,
  props: P,
  pairs: readonly (readonly [given: keyof P & string, missing: keyof P & string])[],
): void {
  for (const [given, missing] of pairs) {
    if (props[given] !== undefined && props[missing] === undefined) {
      throw invalid(scope, `cloud "${id}"`, `${given} without ${missing}`, 'both, or neither');
    }
  }
}
