import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import type { Authenticate } from '../types.ts';
import { identify } from './identify.ts';

const clock = createVirtualClock();
const as = (authenticate: Authenticate<unknown>) =>
  identify({ options: { authenticate, clock } }, null);

describe('identify', () => {
  it('fills in the default tenant and keeps a given one', async () => {
    expect(await as(() => ({ userId: 'ada' }))).toEqual({ userId: 'ada', tenant: 'default' });
    expect(await as(async () => ({ userId: 'ada', tenant: 'acme' }))).toEqual({
      userId: 'ada',
      tenant: 'acme',
    });
  });

  it('names nobody for null, undefined and a login that has ended', async () => {
    expect(await as(() => null)).toBeNull();
    expect(await as(async () => undefined)).toBeNull();
    expect(await as(() => ({ userId: 'ada', expiresAt: clock.now() }))).toBeNull();
    expect(await as(() => ({ userId: 'ada', expiresAt: clock.now() + 1 }))).not.toBeNull();
  });

  it.each([
    [{ userId: '' }],
    [{ userId: 7 }],
    [{}],
    [{ userId: 'a'.repeat(129) }],
    [{ userId: 'a\nb' }],
    [{ userId: '\ud800' }],
    [{ userId: 'ada', tenant: '' }],
    [{ userId: 'ada', tenant: null }],
    [{ userId: 'ada', issuedAt: '2024' }],
    [{ userId: 'ada', issuedAt: Number.NaN }],
    [{ userId: 'ada', expiresAt: Infinity }],
    [{ userId: 'ada', roles: 'admin' }],
    [{ userId: 'ada', rooms: [1] }],
    ['ada'],
    [true],
  ])('%j is the application’s mistake', async (principal) => {
    await expect(as(() => principal as never)).rejects.toMatchObject({
      code: 'invalid_options',
      message: expect.stringMatching(/^\[presence\/authenticate\] .* from authenticate\.$/),
    });
  });

  it.each(['ada', 'ada@example.com', 'Ада', '用户', 'a b', '👩', 'a'.repeat(128)])(
    'takes %s for an id',
    async (userId) => {
      expect((await as(() => ({ userId })))?.userId).toBe(userId);
    },
  );

  it('passes on what authenticate throws', async () => {
    await expect(as(() => Promise.reject(new Error('database')))).rejects.toThrow('database');
    await expect(
      as(() => {
        throw new Error('synchronous');
      }),
    ).rejects.toThrow('synchronous');
  });
});
