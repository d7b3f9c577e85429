import type { NetworkInterfaceInfo } from 'node:os';
import type { Clock } from '@imagebridge/core';
import { describe, expect, it } from 'vitest';
import { watchAddresses } from './addresses.ts';

/** A machine whose addresses a test sets, and a clock that goes on when it says so. */
function machine(...first: string[]) {
  let addresses = first;
  let lost = 0;
  let look = () => {};
  const clock: Clock = {
    now: () => 0,
    sleep: (_, signal) =>
      new Promise((resolve, reject) => {
        look = resolve;
        signal?.addEventListener('abort', () => reject(new Error('over')), { once: true });
      }),
  };
  const one = (address: string): NetworkInterfaceInfo => ({
    address,
    internal: address.startsWith('127.'),
    family: 'IPv4',
    ...{ netmask: '', mac: '', cidr: null },
  });
  const stop = watchAddresses({
    clock,
    onLost: () => lost++,
    interfaces: () => ({ eth0: addresses.map(one) }),
  });
  return {
    stop,
    /** How often a loss was told once the system has these addresses. */
    async becomes(...now: string[]) {
      addresses = now;
      look();
      await new Promise((resolve) => setImmediate(resolve));
      return lost;
    },
  };
}

describe('addresses of the machine', () => {
  it('that are lost are told once each; new ones are not told', async () => {
    const { becomes, stop } = machine('10.0.0.5');
    expect(await becomes('10.0.0.5', '10.1.0.7')).toBe(0);
    expect(await becomes('10.1.0.7')).toBe(1);
    expect(await becomes('10.1.0.7')).toBe(1);
    expect(await becomes('192.168.1.2')).toBe(2);
    expect(await becomes()).toBe(3);
    stop();
    expect(await becomes('10.0.0.5')).toBe(3);
  });

  it('that lead nowhere do not count', async () => {
    const { becomes, stop } = machine('10.0.0.5', '127.0.0.1', 'fe80::1', '169.254.3.4');
    expect(await becomes('10.0.0.5')).toBe(0);
    stop();
  });
});
