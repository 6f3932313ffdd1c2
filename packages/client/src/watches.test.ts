import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientFrame } from '@presence/core/protocol';
import { EVERYBODY } from './numbers.ts';
import { createWorld } from './testing/world.ts';
import { createWireWatches } from './watches.ts';

const bytesOf = (frame: unknown): number => new TextEncoder().encode(JSON.stringify(frame)).length;

/** What a server holds after these frames. */
const applied = (held: Map<string, Set<string>>, frames: readonly ClientFrame[]): void => {
  for (const frame of frames) {
    if (frame.type !== 'watch') continue;
    const users = held.get(frame.id) ?? new Set();
    held.set(frame.id, users);
    for (const userId of frame.remove ?? []) users.delete(userId);
    for (const userId of frame.add ?? []) users.add(userId);
    expect(users.size).toBeLessThanOrEqual(1000);
    expect(bytesOf({ ...frame, ref: Number.MAX_SAFE_INTEGER })).toBeLessThanOrEqual(8192);
    expect(frame.add?.length ?? 1).toBeGreaterThan(0);
    expect(frame.remove?.length ?? 1).toBeGreaterThan(0);
  }
};

describe('watches on the wire', () => {
  it('hold exactly what is wanted, within the bounds of the protocol', () => {
    // Up to 128 characters of up to three bytes, or of two when escaped.
    const id = (index: number): string => `${'€"x'[index % 3]!.repeat((index * 7) % 124)}${index}`;
    const ids = fc
      .uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 400 })
      .map((indexes) => indexes.map(id));
    fc.assert(
      fc.property(fc.array(ids, { maxLength: 6 }), (wishes) => {
        const watches = createWireWatches();
        const held = new Map<string, Set<string>>();
        for (const users of wishes) {
          applied(held, watches.sync(users).frames);
          const all = [...held.values()].flatMap((set) => [...set]);
          expect(new Set(all)).toEqual(new Set(users));
          expect(all).toHaveLength(users.length);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('are several when more than 1,000 users are watched, and refuse what has no room', () => {
    const watches = createWireWatches();
    const held = new Map<string, Set<string>>();
    const users = Array.from({ length: 20_000 }, (_, index) => `user-${index}`);
    const { frames, refused } = watches.sync([...users, EVERYBODY]);
    applied(held, frames);
    expect(held.size).toBe(20);
    expect(refused).toHaveLength(1000);
    const less = watches.sync(users.slice(0, 500));
    applied(held, less.frames);
    expect([...held.values()].reduce((sum, { size }) => sum + size, 0)).toBe(500);
    expect(less.frames.at(-1)).toEqual({ type: 'unwatch', id: 'online' });
  });

  it('go out no faster than the server takes them, and are all answered', async () => {
    const { clock, server, open } = createWorld();
    const { client } = open();
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    const users = Array.from(
      { length: 19_500 },
      (_, index) => `somebody-with-a-long-name-${index}`,
    );
    client.watch(users);
    // Out of step with the pace, so that no window holds two bursts.
    await clock.advance(500);
    let most = 0;
    for (let second = 0; second < 20; second += 1) {
      const before = server.frames.length;
      await clock.advance(1000);
      most = Math.max(most, server.frames.length - before);
    }
    expect(most).toBeLessThanOrEqual(12);
    expect(Math.max(...server.frames.map(({ bytes }) => bytes))).toBeLessThanOrEqual(8192);
    expect(users.filter((id) => client.getPresence(id).status === 'offline')).toHaveLength(19_000);
    expect(errors).toEqual(['invalid_options']);
  });

  it('follow a list that is scrolled all the time: nobody in it waits longer than the pace', async () => {
    const { clock, server, open } = createWorld();
    const { client } = open();
    for (let id = 0; id < 400; id += 1) server.set(`user-${id}`, { status: 'busy' });
    await clock.advance(1000);
    let last = client.watch(['user-0']);
    const waited: number[] = [];
    const before = server.frames.length;
    for (let id = 1; id < 400; id += 1) {
      const next = client.watch([`user-${id}`]);
      last();
      last = next;
      const from = clock.now();
      await clock.advance(16);
      if (client.getPresence(`user-${id}`).status === 'busy') waited.push(clock.now() - from);
    }
    // 400 rows in 6.4 s: one frame each 100 ms, and ten more at the start.
    expect(server.frames.length - before).toBeLessThan(80);
    expect(waited.length).toBeGreaterThan(64);
    const id = 'user-next';
    server.set(id, { status: 'busy' });
    client.watch([id]);
    await clock.advance(110);
    expect(client.getPresence(id).status).toBe('busy');
  });

  it('are asked for again when the server could not take them', async () => {
    const { clock, server, open } = createWorld();
    const { client } = open();
    await clock.advance(10);
    server.refuseFrames('watch', { code: 'store_unavailable', retryable: true });
    client.watch(['ada']);
    await clock.advance(1000);
    expect(client.getPresence('ada').status).toBe('unknown');
    server.refuseFrames('watch', null);
    await clock.advance(5000);
    expect(client.getPresence('ada').status).toBe('offline');
  });
});
