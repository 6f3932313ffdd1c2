import { createPresenceClient, type PresenceClient } from '@presence/client';
import { createRecording } from '@presence/react/devtools';
import { afterEach, describe, expect, it } from 'vitest';
import { startServer, type Running } from './server.ts';

/* What the devtools write down, of real sockets and streams: nothing is lost by it, on either side. */

let server: Running;
let client: PresenceClient;
afterEach(async () => {
  client.stop();
  await server.stop();
});

const until = (isSo: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const cancel = client.subscribe(() => {
      if (!isSo()) return;
      cancel();
      resolve();
    });
  });

describe('a recording', () => {
  it.each(['websocket', 'stream'] as const)('of a %s', async (transport) => {
    server = await startServer();
    const recording = createRecording();
    client = createPresenceClient(
      recording.options({
        url: `http://127.0.0.1:${server.port}/presence/`,
        transport,
        fetch(input, init) {
          const headers = new Headers(init?.headers);
          headers.set('x-user', 'ada');
          return fetch(input, { ...init, headers });
        },
      }),
    );
    client.watch(['ada', 'bob']);
    client.start();
    await until(() => client.getPresence('bob').status === 'offline');
    await client.setStatus('busy', { message: 'between-us' });
    await until(() => client.getPresence('ada').status === 'busy');
    const { session, watches, frames } = recording.read();
    expect(session).toMatchObject({ userId: 'ada', pingMs: 25_000 });
    expect(watches).toEqual([{ id: 'users-0', what: 'users', users: 2 }]);
    const lines = frames.map(({ way, type, about }) => `${way} ${type} ${about}`);
    for (const start of [
      'out hello',
      'in welcome',
      'out watch',
      'in snapshot',
      'out status status busy',
    ]) {
      expect(
        lines.filter((line) => line.startsWith(start)),
        start,
      ).toHaveLength(1);
    }
    expect(lines.join()).toContain('ada busy');
    expect(lines.join()).not.toContain('between-us');
    expect(await recording.explain('ada')).toEqual({
      refused: 'There is no such user, or this server has no admin routes.',
    });
  });
});
