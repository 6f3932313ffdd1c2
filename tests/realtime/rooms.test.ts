import { createPresenceClient, type PresenceClient } from '@presence/client';
import { afterEach, describe, expect, it } from 'vitest';
import { startServer } from './server.ts';

/* The client package in rooms of a real server, by each way that carries presence. */

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const clientOf = (
  port: number,
  userId: string,
  transport: 'websocket' | 'stream' | 'http',
): PresenceClient => {
  const client = createPresenceClient({
    url: `http://127.0.0.1:${port}/presence`,
    transport,
    fetch: (input, init) =>
      fetch(input, {
        ...init,
        headers: { ...(init?.headers as Record<string, string>), 'x-user': userId },
      }),
  });
  client.start();
  ends.push(() => client.stop());
  return client;
};

const soon = { timeout: 8000, interval: 20 };

describe('a room', () => {
  it.each(['websocket', 'stream', 'http'] as const)(
    'by %s',
    async (transport) => {
      const server = await startServer({ policy: { heartbeatMs: 1000, hiddenHeartbeatMs: 1000 } });
      ends.push(() => server.stop());
      const ada = clientOf(server.port, 'ada', transport);
      const bob = clientOf(server.port, 'bob', 'websocket');
      const [hers, his] = [ada.room('kitchen'), bob.room('kitchen')];
      const leave = hers.join({ meta: { page: 1 } });
      his.join();
      const members = (room: typeof hers) => room.getSnapshot().members.map(({ userId }) => userId);
      await expect.poll(() => members(hers), soon).toEqual(['ada', 'bob']);
      await expect.poll(() => members(his), soon).toEqual(['ada', 'bob']);
      expect(hers.getSnapshot()).toMatchObject({ count: 2, mode: 'full', synced: true });

      const herMeta = (room: typeof hers) => room.getSnapshot().members[0]?.meta;
      for (const room of [hers, his]) {
        await expect.poll(() => herMeta(room), soon).toEqual([{ page: 1 }]);
      }
      const stay = hers.join({ meta: { page: 2 } });
      leave();
      for (const room of [hers, his]) {
        await expect.poll(() => herMeta(room), soon).toEqual([{ page: 2 }]);
      }
      expect(members(his)).toEqual(['ada', 'bob']);

      hers.startTyping();
      await expect.poll(() => his.getSnapshot().typing, soon).toEqual(['ada']);
      expect(hers.getSnapshot().typing).toEqual([]);
      hers.stopTyping();
      await expect.poll(() => his.getSnapshot().typing, soon).toEqual([]);

      stay();
      await expect.poll(() => members(his), soon).toEqual(['bob']);
    },
    30_000,
  );
});
