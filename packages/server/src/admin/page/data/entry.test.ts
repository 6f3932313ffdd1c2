import type { AdminConfigAnswer, Me } from '@presence/core/protocol';
import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { fakeApi } from '../testing/fake-api.ts';
import { ApiError } from './api.ts';
import { createDoor } from './entry.ts';
import { createToken } from './token.ts';

const CONFIG = { viewer: { userId: 'ada', tenant: 'default' } } as AdminConfigAnswer;

const createEntrance = () => {
  const clock = createVirtualClock();
  let refusal: ApiError | null = null;
  const api = fakeApi({
    config: async () => {
      if (refusal) throw refusal;
      return CONFIG;
    },
    me: async () => ({ presence: { userId: 'eve' } }) as Me,
  });
  const door = createDoor(api, clock);
  return { clock, door, refuse: (error: ApiError | null) => void (refusal = error) };
};

describe('the door', () => {
  it('lets an admin in', async () => {
    const { door } = createEntrance();
    await door.knock();
    expect(door.entry.read()).toEqual({ phase: 'in', config: CONFIG });
  });

  it('says who lacks which right', async () => {
    const { door, refuse } = createEntrance();
    refuse(new ApiError(403, 'forbidden', 'This takes the right to "admin:users:read".'));
    await door.knock();
    expect(door.entry.read()).toEqual({
      phase: 'refused',
      userId: 'eve',
      reason: 'This takes the right to "admin:users:read".',
    });
  });

  it('asks for a login, and knows when a token was the reason', async () => {
    const { door, refuse } = createEntrance();
    refuse(new ApiError(401, 'unauthenticated', ''));
    await door.knock();
    expect(door.entry.read()).toEqual({ phase: 'signed-out', isRefusedToken: false });
    await door.knock(true);
    expect(door.entry.read()).toEqual({ phase: 'signed-out', isRefusedToken: true });
  });

  it('tries again by itself while nobody answers', async () => {
    const { clock, door, refuse } = createEntrance();
    refuse(new ApiError(0, 'network', ''));
    await door.knock();
    expect(door.entry.read().phase).toBe('unreachable');
    refuse(null);
    await clock.advance(2000);
    expect(door.entry.read().phase).toBe('in');
  });

  it('closes when the account of an admin is blocked', async () => {
    const { door } = createEntrance();
    await door.knock();
    expect(door.isOut(new ApiError(403, 'account_blocked', 'Blocked.'))).toBe(true);
    await Promise.resolve();
    await Promise.resolve();
    expect(door.entry.read()).toMatchObject({ phase: 'refused', reason: 'Blocked.' });
  });

  it('closes when a login ends, and for nothing less', async () => {
    const { door } = createEntrance();
    await door.knock();
    expect(door.isOut(new ApiError(412, 'precondition_failed', ''))).toBe(false);
    expect(door.isOut(new ApiError(0, 'network', ''))).toBe(false);
    expect(door.entry.read().phase).toBe('in');
    expect(door.isOut(new ApiError(401, 'signed_out', ''))).toBe(true);
    expect(door.entry.read().phase).toBe('signed-out');
  });
});

describe('a token', () => {
  it('signs requests in for as long as the tab holds it', async () => {
    const held = new Map<string, string>();
    const storage = {
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => void held.set(key, value),
      removeItem: (key: string) => void held.delete(key),
    };
    const sent: (string | null)[] = [];
    const token = createToken(storage, async (_input, init) => {
      sent.push(new Headers(init?.headers).get('authorization'));
      return new Response();
    });
    await token.fetch('/me');
    token.set('Bearer abc');
    await token.fetch('/me', { headers: { 'if-match': '"1"' } });
    token.set('');
    await token.fetch('/me');
    expect(sent).toEqual([null, 'Bearer abc', null]);
  });
});
