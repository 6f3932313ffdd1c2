import { createServer } from 'node:http';
import { connect as connectTcp, type AddressInfo } from 'node:net';
import type { FullRow } from '@presence/core';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { connect, fetchTicket, join, startServer, type Running } from './server.ts';

let running: Running | null = null;

const start = async (...options: Parameters<typeof startServer>): Promise<Running> => {
  running = await startServer(...options);
  return running;
};

afterEach(async () => {
  await running?.stop();
  running = null;
});

const opened = (socket: WebSocket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });

/** What an upgrade of a path is answered with: a status, or `open`, or `cut`. */
const upgrade = (port: number, path: string): Promise<number | 'open' | 'cut'> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 'cut'));
    socket.on('open', () => {
      resolve('open');
      socket.terminate();
    });
    socket.on('error', () => resolve('cut'));
  });

describe('a watch over real sockets', () => {
  it('joins snapshot and changes', async () => {
    const server = await start();
    const [ada, bob] = [await join(server, 'ada'), await join(server, 'bob')];
    bob.send({ type: 'watch', id: 'all', tenant: true });
    bob.send({ type: 'watch', id: 'some', add: ['ada'] });
    const all = await bob.next('snapshot');
    expect(all.presences.map((row) => (row as readonly unknown[])[0])).toEqual(['ada', 'bob']);
    await bob.next('snapshot');
    ada.send({ type: 'status', status: 'dnd', message: 'zzz – ünïcode ✓' });
    const { presences } = await bob.next('changes');
    const message = 'zzz – ünïcode ✓';
    const at = expect.any(Number) as number;
    expect(presences).toEqual([['ada', 'dnd', at, at, null, { message }]]);
  });

  it('S15: nothing of another tenant is seen', async () => {
    const server = await start();
    const bob = await join(server, 'bob', 'acme');
    await join(server, 'ada', 'other');
    bob.send({ type: 'watch', id: 'some', add: ['ada'] });
    bob.send({ type: 'watch', id: 'all', tenant: true });
    expect((await bob.next('snapshot')).presences).toEqual([['ada', 'offline', 0, null, null]]);
    expect((await bob.next('snapshot')).presences).toEqual([['bob', 'online', expect.any(Number)]]);
  });

  it('carries frames of any length', async () => {
    const server = await start();
    const bob = await join(server, 'bob');
    const ids = Array.from({ length: 900 }, (_, index) => `u${index}`);
    for (const part of [ids.slice(0, 1), ids.slice(1, 5), ids.slice(5)]) {
      bob.send({ type: 'watch', id: 'w', add: part });
      expect((await bob.next('snapshot')).presences).toHaveLength(part.length);
    }
  });
});

const BAD: readonly (readonly [string, string | Buffer, number])[] = [
  ['no JSON', '{', 4400],
  ['an empty text', '', 4400],
  ['a binary frame', Buffer.from('{}'), 4400],
  ['an array', '[]', 4400],
  ['null', 'null', 4400],
  ['a type that is unknown', '{"type":"dance"}', 4400],
  ['nesting without end', '['.repeat(4000), 4400],
  ['a key that reaches prototypes', '{"type":"activity","state":"active","__proto__":{}}', 4400],
  ['a second hello', '{"type":"hello","protocol":1,"ticket":"x"}', 4400],
  // What breaks WebSocket itself is closed by its own codes.
  ['more than 8 KiB', `{"type":"unwatch","id":"${'x'.repeat(9000)}"}`, 1009],
];

const WRONG: readonly (readonly [string, string])[] = [
  ['a key that is unknown', '{"type":"activity","state":"active","more":1}'],
  ['a status that nobody may claim', '{"type":"status","status":"offline"}'],
  ['an id without end', JSON.stringify({ type: 'unwatch', id: 'x'.repeat(129) })],
  ['a control character in an id', '{"type":"unwatch","id":"a\\u0000b"}'],
  ['a watch of both kinds', '{"type":"watch","id":"w","tenant":true,"add":["a"]}'],
  ['a watch of nothing', '{"type":"watch","id":"w"}'],
];

describe('bad frames', () => {
  it.each(BAD)(
    '%s closes with a code and a sentence, and harms nobody else',
    async (_, bad, code) => {
      const server = await start();
      const [ada, bob] = [await join(server, 'ada'), await join(server, 'bob')];
      const before = await server.presence.get('ada');
      ada.socket.send(bad);
      const closed = await ada.closed;
      expect(closed.code).toBe(code);
      if (code === 4400) {
        const error = ada.frames.find((frame) => frame.type === 'error');
        expect(error).toMatchObject({ code: 'invalid_frame', retryable: false });
        expect((error as { message: string }).message).toMatch(/^[A-Z].*/);
        expect(closed.reason).toBe('invalid_frame');
      }
      expect(await server.presence.get('ada')).toEqual(before);
      bob.send({ type: 'unwatch', id: 'nothing', ref: 1 });
      expect(await bob.next('ack')).toEqual({ type: 'ack', ref: 1 });
    },
  );

  it.each(WRONG)(
    '%s is answered with a code and a sentence, and the link goes on',
    async (_, wrong) => {
      const server = await start();
      const ada = await join(server, 'ada');
      const before = await server.presence.get('ada');
      ada.socket.send(wrong.replace(/}$/, ',"ref":7}'));
      expect(await ada.next('error')).toMatchObject({
        code: 'invalid_request',
        retryable: false,
        ref: 7,
      });
      expect(await server.presence.get('ada')).toEqual(before);
      ada.send({ type: 'unwatch', id: 'nothing', ref: 8 });
      expect(await ada.next('ack')).toEqual({ type: 'ack', ref: 8 });
    },
  );

  it('a frame before the hello', async () => {
    const server = await start();
    const client = connect(server.url);
    client.send({ type: 'activity', state: 'active' });
    expect((await client.closed).code).toBe(4400);
  });

  it('fuzz: whatever comes, the socket ends with a code of the protocol or an answer', async () => {
    const server = await start({ security: { limits: { framesPerSecond: 1000 } } });
    const bob = await join(server, 'bob');
    const frames = fc.oneof(
      fc.json({ maxDepth: 12 }),
      fc.string({ maxLength: 200 }),
      fc
        .record(
          {
            type: fc.constantFrom('activity', 'status', 'visibility', 'watch', 'unwatch', 'x'),
            id: fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
            status: fc.oneof(fc.constantFrom('busy', 'offline', '', null), fc.array(fc.string())),
            state: fc.constantFrom('active', 'idle', 'both'),
            add: fc.oneof(fc.array(fc.string(), { maxLength: 5 }), fc.string()),
            ref: fc.oneof(fc.nat(), fc.double(), fc.string()),
          },
          { requiredKeys: ['type'] },
        )
        .map((frame) => JSON.stringify(frame)),
    );
    let index = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(frames, { minLength: 1, maxLength: 4 }), async (texts) => {
        index += 1;
        const client = await join(server, `fuzz-${index}`);
        for (const text of texts) client.socket.send(text);
        client.send({ type: 'unwatch', id: 'end', ref: 424_242 });
        const ended = await Promise.race([
          client.closed.then(({ code }) => code),
          (async () => {
            for (;;) if ((await client.next('ack')).ref === 424_242) return 'answered';
          })().catch(() => client.closed.then(({ code }) => code)),
        ]);
        expect(['answered', 4400]).toContain(ended);
        client.socket.terminate();
      }),
      { numRuns: 60 },
    );
    expect(bob.socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe('logging in', () => {
  it('a ticket opens one session, of its user, in its tenant', async () => {
    const server = await start();
    const ticket = await fetchTicket(server, 'ada');
    const [first, replayed, altered] = [server.url, server.url, server.url].map(connect);
    first?.send({ type: 'hello', protocol: 1, ticket });
    expect((await first?.next('welcome'))?.userId).toBe('ada');
    replayed?.send({ type: 'hello', protocol: 1, ticket });
    expect(await replayed?.closed).toEqual({ code: 4401, reason: 'ticket_invalid' });
    altered?.send({ type: 'hello', protocol: 1, ticket: `x${ticket}` });
    expect(await altered?.closed).toEqual({ code: 4401, reason: 'ticket_invalid' });
  });

  it('a session of somebody else cannot be resumed', async () => {
    const server = await start();
    const ada = await join(server, 'ada');
    const eve = connect(server.url);
    const ticket = await fetchTicket(server, 'eve');
    eve.send({ type: 'hello', protocol: 1, ticket, sessionId: ada.sessionId });
    expect(await eve.closed).toEqual({ code: 4409, reason: 'session_gone' });
    expect((await server.presence.get('ada')).status).toBe('online');
  });

  it('floods end with 4429', async () => {
    const server = await start();
    const ada = await join(server, 'ada');
    for (let index = 0; index < 50; index += 1) ada.send({ type: 'unwatch', id: `${index}` });
    expect(await ada.closed).toEqual({ code: 4429, reason: 'rate_limited' });
    const bob = await join(server, 'bob');
    for (let index = 0; index < 50; index += 1) bob.socket.ping();
    expect((await bob.closed).code).toBe(4429);
  });

  it('handshakes are limited by address', async () => {
    const server = await start({ security: { limits: { perAddressPerMinute: 3 } } });
    const answers = [];
    for (let index = 0; index < 5; index += 1) {
      answers.push(await upgrade(server.port, '/presence/socket'));
    }
    expect(answers).toEqual(['open', 'open', 'open', 429, 429]);
  });
});

describe('beside other upgrades', () => {
  it('claims its own path; without other listeners nothing else is open', async () => {
    const server = await start();
    expect(await upgrade(server.port, '/presence/socket?x=1')).toBe('open');
    expect(await upgrade(server.port, '/presence/socket/more')).toBe(404);
    expect(await upgrade(server.port, '/')).toBe(404);
  });

  it("leaves other upgrades to the application's own listeners, and goes without a trace", async () => {
    const server = createServer();
    const own = new WebSocketServer({ noServer: true });
    const { presence, stop } = await start();
    void stop;
    server.on('upgrade', (request, stream, head) => {
      if (request.url === '/own')
        own.handleUpgrade(request, stream, head, (socket) => socket.close());
    });
    const cancel = presence.attach(server, { path: '/live' });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    expect(await upgrade(port, '/own')).toBe('open');
    expect(await upgrade(port, '/live')).toBe('open');
    cancel();
    expect(server.listenerCount('upgrade')).toBe(1);
    server.closeAllConnections();
    server.close();
  });

  it('an aborted handshake harms nothing', async () => {
    const server = await start();
    for (let index = 0; index < 20; index += 1) {
      const raw = connectTcp(server.port, '127.0.0.1');
      raw.on('error', () => undefined);
      raw.write(
        'GET /presence/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      );
      if (index % 2) raw.destroy();
    }
    const socket = new WebSocket(server.url);
    await opened(socket);
    socket.terminate();
  });
});

describe('slow readers', () => {
  it('S20: a reader that stopped queues no more than its bound, and then gets the latest of each', async () => {
    const server = await start({ policy: { fanOutMs: 1 } });
    const bob = await join(server, 'bob');
    const ids = Array.from({ length: 300 }, (_, index) => `u${index}`);
    bob.send({ type: 'watch', id: 'w', add: ids, ref: 1 });
    await bob.next('ack');
    bob.socket.pause();
    const before = process.memoryUsage().arrayBuffers;
    const message = 'm'.repeat(130);
    for (let round = 0; round < 60; round += 1) {
      await Promise.all(
        ids.map((userId) =>
          server.presence.claim(userId, 'busy', {
            source: 'admin',
            holdsAbsent: true,
            message: `${message}${round}`,
          }),
        ),
      );
    }
    // 60 rounds of 300 rows of 300 bytes would be 5 MB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000);
    bob.socket.resume();
    const seen = new Map<string, string>();
    while (seen.size < ids.length || [...seen.values()].some((text) => text !== `${message}59`)) {
      const { presences } = await bob.next('changes');
      for (const row of presences as readonly FullRow[]) seen.set(row[0], row[5]?.message ?? '');
    }
    expect(bob.socket.readyState).toBe(WebSocket.OPEN);
  });
});
