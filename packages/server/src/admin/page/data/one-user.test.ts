import type { AdminUser, AdminUserAnswer } from '@presence/core/protocol';
import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { fakeApi, someUser } from '../testing/fake-api.ts';
import { ApiError } from './api.ts';
import { createOneUser } from './one-user.ts';

const answerOf = (user: AdminUser): AdminUserAnswer => ({
  user,
  explanation: { sentences: [] } as unknown as AdminUserAnswer['explanation'],
});

/** A server that compares and sets, as the real one does. */
const createServer = () => {
  const clock = createVirtualClock();
  const errors: unknown[] = [];
  let stored = someUser('ada', { revision: 1 });
  let isHeldUp = false;
  const api = fakeApi({
    user: async () => (isHeldUp ? new Promise<never>(() => undefined) : answerOf(stored)),
    setAccount: async ({ revision }, account) => {
      if (revision !== stored.revision) throw new ApiError(412, 'precondition_failed', 'changed');
      stored = { ...stored, account, revision: revision + 1 };
      return { user: stored, durability: 'volatile' };
    },
  });
  const one = createOneUser(api, 'ada', clock, (error) => errors.push(error));
  one.start();
  return {
    clock,
    one,
    seen: () => one.seen.read(),
    suspend: () => one.act((target) => api.setAccount(target, 'suspended')),
    elsewhere: () => void (stored = { ...stored, account: 'banned', revision: 9 }),
    holdUp: (is: boolean) => void (isHeldUp = is),
    refuse: () => one.act(() => Promise.reject(new ApiError(403, 'forbidden', 'No right.'))),
  };
};

describe('one user', () => {
  it('is written as they were seen, and shown as they are stored', async () => {
    const { clock, seen, suspend } = createServer();
    await clock.advance(0);
    await suspend();
    expect(seen()).toMatchObject({ outcome: { kind: 'done' }, isBusy: false });
    expect(seen().answer?.user).toMatchObject({ account: 'suspended', revision: 2 });
  });

  it('S10: is not written over what somebody else did; the new state is shown with the news', async () => {
    const { clock, seen, suspend, elsewhere } = createServer();
    await clock.advance(0);
    elsewhere();
    await suspend();
    await clock.advance(0);
    expect(seen().outcome).toEqual({ kind: 'collided' });
    expect(seen().answer?.user).toMatchObject({ account: 'banned', revision: 9 });
    await suspend();
    expect(seen().outcome).toEqual({ kind: 'done' });
  });

  it('tells why something was refused, until that is put away', async () => {
    const { clock, one, seen, refuse } = createServer();
    await clock.advance(0);
    await refuse();
    expect(seen().outcome).toEqual({ kind: 'failed', reason: 'No right.' });
    one.dismiss();
    expect(seen().outcome).toBeNull();
  });

  it('is asked again when told to, and each ten seconds', async () => {
    const { clock, one, seen, elsewhere } = createServer();
    await clock.advance(0);
    elsewhere();
    await clock.advance(9000);
    expect(seen().answer?.user.revision).toBe(1);
    one.again();
    await clock.advance(0);
    expect(seen().answer?.user.revision).toBe(9);
  });
});
