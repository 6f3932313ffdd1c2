import { describe, expect, it } from 'vitest';
import { addressKey, clientAddress } from './address.ts';

describe('the key of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:c000:0207', '192.0.2.7'],
    ['0000:0000:0000:0000:0000:ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::ffff:1.2.3.4', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
  ])('%s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('one customer is one client however many addresses they use', () => {
    expect(addressKey('2001:db8:1:2::1')).toBe(addressKey('2001:db8:1:2:ffff:ffff:ffff:ffff'));
    expect(addressKey('2001:db8:1:2::1')).not.toBe(addressKey('2001:db8:1:3::1'));
  });

  it('whatever is no address is one client together', () => {
    for (const text of ['', ':::', 'x:y', '1:2']) {
      expect(addressKey(text)).toBe('unknown');
    }
  });
});

describe('the address of a client', () => {
  it('is the socket’s unless a proxy is trusted', () => {
    expect(clientAddress('10.0.0.1', '192.0.2.7', false)).toBe('10.0.0.1');
    expect(clientAddress('10.0.0.1', undefined, true)).toBe('10.0.0.1');
  });

  it('is the last hop, which the proxy wrote, and not what the client wrote before it', () => {
    expect(clientAddress('10.0.0.1', '1.1.1.1, 192.0.2.7', true)).toBe('192.0.2.7');
    expect(clientAddress('10.0.0.1', '192.0.2.7, nonsense', true)).toBe('10.0.0.1');
  });
});
