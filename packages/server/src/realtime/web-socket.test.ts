import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createLink } from './link.ts';
import type { Links } from './links.ts';
import { sharedFrame } from './shared-frame.ts';
import type { Connection } from './types.ts';
import { createCarrier } from './web-socket.ts';

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A real WebSocket: our side as a Connection, the other as `ws` has it, and what was heard on ours. */
const pair = async () => {
  const server = createServer();
  const heard: string[] = [];
  const accepted: Connection[] = [];
  const links = {
    accept: (connection: Connection) => {
      accepted.push(connection);
      return createLink(connection, 0, 1);
    },
    message: (_, text) => heard.push(`text ${text.toString()}`),
    binary: () => heard.push('binary'),
    ping: (link, payload) => link.connection.pong(payload),
    pong: (_, marker) => heard.push(`pong ${marker}`),
  } as Partial<Links> as Links;
  const carrier = createCarrier(links, () => heard.push('closed'));
  const sockets = new WebSocketServer({
    noServer: true,
    WebSocket: carrier.Socket,
    perMessageDeflate: false,
    autoPong: false,
  });
  const opened = new Promise<WebSocket>((resolve) => {
    server.on('upgrade', (request, stream, head) => {
      sockets.handleUpgrade(request, stream, head, (socket) => {
        carrier.carry(socket, stream);
        resolve(socket);
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const got: string[] = [];
  client.on('message', (content: Buffer) => got.push(content.toString()));
  client.on('ping', (payload: Buffer) => got.push(`ping ${payload.toString()}`));
  client.on('error', (error) => got.push(String(error)));
  const socket = await opened;
  const [connection] = accepted as [Connection];
  cleanups.push(() => {
    client.terminate();
    server.close();
  });
  return { connection, socket, client, got, heard };
};

describe('frames that are written past `ws`', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])(
    'are whole and right with a payload of %i bytes',
    async (length) => {
      const { connection, got } = await pair();
      const text = 'x'.repeat(length);
      connection.write(sharedFrame(text));
      connection.write(sharedFrame('ünïcode ✓'));
      await expect.poll(() => got).toEqual([text, 'ünïcode ✓']);
    },
  );

  it('never interleave with what `ws` writes itself', async () => {
    const { connection, socket, got, heard } = await pair();
    const wanted: string[] = [];
    for (let index = 0; index < 500; index += 1) {
      const ours = `${index} ${'o'.repeat((index * 997) % 70_000)}`;
      connection.write(sharedFrame(ours));
      wanted.push(ours);
      if (index % 3 === 0) {
        socket.send(`ws ${index}`);
        wanted.push(`ws ${index}`);
      }
      if (index % 7 === 0) {
        connection.ping(index % 2 ? '' : 'm');
        wanted.push(index % 2 ? 'ping ' : 'ping m');
      }
    }
    await expect.poll(() => got.length, { timeout: 10_000 }).toBe(wanted.length);
    expect(got).toEqual(wanted);
    await expect.poll(() => heard.filter((event) => event === 'pong m').length).toBe(36);
  });

  it('stop with the close frame', async () => {
    const { connection, client, got, heard } = await pair();
    expect(connection.isWritable).toBe(true);
    const closed = new Promise((resolve) => {
      client.on('close', (code) => resolve(code));
    });
    connection.close(4400, 'invalid_frame');
    expect(connection.isWritable).toBe(false);
    connection.write(sharedFrame('too late'));
    connection.ping('');
    expect(await closed).toBe(4400);
    expect(got).toEqual([]);
    await expect.poll(() => heard).toEqual(['closed']);
  });

  it('go to a link that died without harm', async () => {
    const { connection, client, heard } = await pair();
    client.terminate();
    for (let index = 0; index < 100; index += 1) connection.write(sharedFrame('into the void'));
    await expect.poll(() => heard).toEqual(['closed']);
    expect(connection.isWritable).toBe(false);
    connection.write(sharedFrame('still'));
    connection.close(1000, '');
  });
});
