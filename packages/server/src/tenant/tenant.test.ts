import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { createFeed } from '../feed.ts';
import { engineOver } from '../../test-fixtures/engine.ts';
import { createReaper } from '../reaper.ts';
import { memoryStore } from '../stores/memory/memory-store.ts';
import { createTenants } from './tenant.ts';

const silent = (): void => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };

const setup = () => {
  const clock = createVirtualClock();
  const store = memoryStore({ clock });
  const engine = engineOver({ store, clock });
  createReaper({ engine, clock, logger, everyMs: 1000 });
  const tenant = createTenants({
    options: { sources: {} },
    engine,
    feed: createFeed(store, logger),
    history: null,
  });
  return { clock, tenant, acme: tenant('acme') };
};

describe('a tenant in process', () => {
  it('shows somebody who was never seen as offline, with nothing else', async () => {
    const { acme } = setup();
    expect(await acme.get('ada')).toEqual({
      userId: 'ada',
      status: 'offline',
      since: null,
      lastSeenAt: null,
      version: 0,
    });
  });

  it('keeps a signed-in user present for a lease, and a touch prolongs it', async () => {
    const { clock, acme } = setup();
    await acme.signIn('ada');
    expect((await acme.get('ada')).status).toBe('online');
    await clock.advance(100_000);
    await acme.touch({ userId: 'ada' });
    await clock.advance(100_000);
    expect((await acme.get('ada')).status).toBe('online');
    await clock.advance(20_000);
    expect(await acme.get('ada')).toMatchObject({ status: 'offline', lastSeenAt: clock.now() });
  });

  it('S8: ends a claim by itself, and the next one shows again', async () => {
    const { clock, acme } = setup();
    await acme.signIn('ada');
    await acme.claim('ada', 'busy', { message: 'Writing' });
    await acme.claim('ada', 'dnd', { source: 'call', forMs: 60_000 });
    expect((await acme.get('ada')).status).toBe('dnd');
    await clock.advance(60_000);
    expect(await acme.get('ada')).toMatchObject({ status: 'busy', message: 'Writing' });
    expect(await acme.release('ada')).toMatchObject({ status: 'online' });
  });

  it('watches: first how everybody is, then each change once, never a repetition (S5, S6)', async () => {
    const { clock, acme } = setup();
    await acme.signIn('ada');
    const heard: string[] = [];
    const cancel = await acme.watch(['ada', 'grace'], ({ userId, status }) =>
      heard.push(`${userId} ${status}`),
    );
    await acme.claim('ada', 'busy');
    await acme.claim('ada', 'busy');
    await clock.advance(121_000);
    cancel();
    await acme.signIn('ada');
    await clock.advance(1000);
    expect(heard).toEqual(['ada online', 'grace offline', 'ada busy', 'ada offline']);
  });

  it('forgets: whoever was watching sees the user go, and come back as anybody new', async () => {
    const { clock, acme } = setup();
    await acme.signIn('ada');
    const heard: string[] = [];
    await acme.watch(['ada'], ({ status }) => void heard.push(status));
    await acme.forget('ada');
    await clock.advance(1000);
    expect((await acme.get('ada')).lastSeenAt).toBeNull();
    await acme.signIn('ada');
    await clock.advance(1000);
    expect(heard).toEqual(['online', 'offline', 'online']);
  });

  it('S6: tells nothing when a claim ended and was made again before anybody noticed', async () => {
    const { clock, acme } = setup();
    await acme.signIn('ada');
    const heard: string[] = [];
    await acme.watch(['ada'], ({ status, message }) => heard.push(`${status} ${message}`));
    await acme.claim('ada', 'online', { message: 'Writing', forMs: 10_500 });
    await clock.advance(10_600);
    await acme.claim('ada', 'online', { message: 'Writing' });
    await acme.claim('ada', 'dnd', { message: 'Reading' });
    expect(heard).toEqual(['online undefined', 'online Writing', 'dnd Reading']);
  });

  it('S11: shows a blocked account offline at once, and lets it come back without a restart', async () => {
    const { acme } = setup();
    await acme.signIn('ada');
    await acme.setAccount('ada', 'suspended');
    expect((await acme.get('ada')).status).toBe('offline');
    await expect(acme.signIn('ada')).rejects.toMatchObject({ code: 'account_blocked' });
    await acme.setAccount('ada', 'active');
    await acme.signIn('ada');
    expect((await acme.get('ada')).status).toBe('online');
  });

  it('S15: knows nothing of another tenant', async () => {
    const { tenant, acme } = setup();
    await acme.signIn('ada');
    const other = tenant('other');
    expect((await other.get('ada')).status).toBe('offline');
    expect((await other.count()).count).toBe(0);
    expect((await other.list()).presences).toEqual([]);
    expect((await acme.count()).count).toBe(1);
  });

  it('S17: a hidden user is gone for lists and counts, and there for themselves', async () => {
    const { acme } = setup();
    await acme.signIn('ada');
    await acme.setVisibility('ada', 'hidden');
    expect((await acme.get('ada')).status).toBe('offline');
    expect((await acme.count()).count).toBe(0);
    expect((await acme.me('ada')).presence.status).toBe('online');
    expect((await acme.get('ada', { view: 'true' })).status).toBe('online');
  });

  it('says whom to notify: absent, and not muted', async () => {
    const { acme } = setup();
    await acme.signIn('here');
    await acme.claim('muted', 'dnd');
    expect(await acme.shouldNotify(['here', 'muted', 'gone'])).toEqual([false, false, true]);
  });

  it('explains in words', async () => {
    const { acme } = setup();
    await acme.signIn('ada');
    const explanation = await acme.explain('ada');
    expect(explanation.sentences[0]).toBe('Online, because 1 session of 1 is active.');
    expect(explanation.next?.status).toBe('offline');
  });

  it.each([[''], ['a'.repeat(129)], ['line\nbreak'], ['\ud800'], [7], [null]])(
    'refuses the user id %j',
    async (id) => {
      const { acme } = setup();
      await expect((async () => acme.get(id as string))()).rejects.toMatchObject({
        code: 'invalid_request',
      });
    },
  );
});
