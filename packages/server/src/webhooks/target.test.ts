import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './addresses.ts';
import { addressOf, TargetRefused } from './target.ts';

describe('an address', () => {
  it.each(['8.8.8.8', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '127.0.0.1',
    '127.255.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    'fd00::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'localhost',
    '0x7f.1',
    '',
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('where a target is', () => {
  const at =
    (...addresses: string[]) =>
    async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

  it.each([
    ['a name of a private address', 'https://app.example', at('10.0.0.1')],
    ['a name of a public and a private one', 'https://app.example', at('8.8.8.8', '127.0.0.1')],
    ['the address itself', 'https://127.0.0.1', at()],
    ['the address as a number', 'https://2130706433', at()],
    ['the address in octal', 'https://0177.0.0.1', at()],
    ['an IPv6 one', 'https://[::1]', at()],
    ['a mapped one', 'https://[::ffff:169.254.169.254]', at()],
  ])('%s is refused', async (_, url, lookup) => {
    await expect(addressOf(new URL(url), lookup, false)).rejects.toBeInstanceOf(TargetRefused);
  });

  it('a private one may be, where it is allowed', async () => {
    const found = await addressOf(new URL('https://app.example'), at('10.0.0.1'), true);
    expect(found).toEqual({ address: '10.0.0.1', family: 4 });
  });
});
