import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { resolveOptions } from './options.ts';
import { memoryStore } from './stores/memory/memory-store.ts';
import type { PresenceOptions } from './types.ts';

const authenticate = () => ({ userId: 'ada' });
const resolve = (options: object) => resolveOptions(options as PresenceOptions);

describe('options', () => {
  it('need nothing but authenticate', () => {
    const options = resolve({ authenticate });
    expect(options.limits.framesPerSecond).toBe(20);
    expect(options.origins).toBeNull();
    expect(options.secret.length).toBeGreaterThanOrEqual(32);
  });

  it.each([
    ['no authenticate', {}, 'authenticate is missing'],
    ['an unknown option', { authenticate, autenticate: 1 }, '"autenticate" is not an option'],
    [
      'an origin with a path',
      { authenticate, security: { origins: ['https://a.example/'] } },
      'exact origins',
    ],
    ['an origin pattern', { authenticate, security: { origins: ['*'] } }, 'exact origins'],
    ['a short secret', { authenticate, security: { secret: 'short' } }, 'at least 32 characters'],
    ['an unknown limit', { authenticate, security: { limits: { beats: 1 } } }, 'is not a limit'],
    ['a limit of zero', { authenticate, security: { limits: { framesPerSecond: 0 } } }, 'above 0'],
    ['relations that flap', { authenticate, policy: { leaseMs: 1000 } }, 'saw 1000 and 60000'],
  ])('refuses %s, saying what was seen and what to do', (_what, options, says) => {
    expect(() => resolve(options)).toThrow(says);
  });

  it('requires a secret where other nodes may share the store', () => {
    const shared = { ...memoryStore({ clock: createVirtualClock() }), isLocal: false };
    expect(() => resolve({ authenticate, store: shared })).toThrow('security.secret is missing');
    const secret = 'x'.repeat(32);
    expect(resolve({ authenticate, store: shared, security: { secret } }).secret).toBe(secret);
  });

  it('resolves a policy of each tenant once', () => {
    const asked: string[] = [];
    const { policyOf } = resolve({
      authenticate,
      policy: (tenant: string) => {
        asked.push(tenant);
        return tenant === 'quiet' ? { awayAfterMs: 60_000 } : {};
      },
    });
    expect(policyOf('quiet').awayAfterMs).toBe(60_000);
    expect(policyOf('quiet')).toBe(policyOf('quiet'));
    expect(policyOf('loud').awayAfterMs).toBe(300_000);
    expect(asked).toEqual(['quiet', 'loud']);
  });
});
