import type { UserPresence } from '@presence/client';
import { describe, expect, it } from 'vitest';
import { someUser } from '../testing/fake-api.ts';
import { shownOf } from './shown.ts';

const live = (status: UserPresence['status'], version: number) =>
  ({ status, version, message: 'live', emoji: null, since: 5, lastSeenAt: null }) as UserPresence;

const user = (visibility: 'visible' | 'hidden') =>
  someUser('ada', {
    visibility,
    presence: { userId: 'ada', status: 'online', since: 1, lastSeenAt: null, version: 7 },
  });

describe('what a row shows', () => {
  it('is what the socket told since', () => {
    expect(shownOf(user('visible'), live('busy', 8))).toMatchObject({
      status: 'busy',
      message: 'live',
    });
    expect(shownOf(user('visible'), live('busy', 7)).status).toBe('online');
    expect(shownOf(user('visible'), live('unknown', 9)).status).toBe('online');
    expect(shownOf(user('visible'), undefined).status).toBe('online');
  });

  it('of whoever hides is never what others see', () => {
    expect(shownOf(user('hidden'), live('offline', 9)).status).toBe('online');
  });
});
