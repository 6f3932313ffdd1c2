import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProxy, type Proxy } from './proxy.ts';

const SUBSCRIBE = '*2\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n';

describe('the proxy of the fault tests', () => {
  let proxy: Proxy;
  const arrived: string[] = [];
  let upstream: Socket;
  const server = createServer((socket) => {
    upstream = socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (text: string) => {
      arrived.push(text);
      socket.write(text.toUpperCase());
    });
  });

  beforeEach(async () => {
    arrived.length = 0;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await startProxy((server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await proxy.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  const join = async (): Promise<Socket> => {
    const socket = connect(proxy.port, '127.0.0.1').setEncoding('utf8');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };

  const closed = (socket: Socket): Promise<void> =>
    new Promise((resolve) => socket.once('close', () => resolve()));

  const echo = async (socket: Socket, text: string): Promise<string> => {
    socket.write(text);
    const [answer] = (await once(socket, 'data')) as [string];
    return answer;
  };

  it('passes everything on', async () => {
    expect(await echo(await join(), 'ping')).toBe('PING');
  });

  it('resets subscribers alone', async () => {
    const [plain, subscriber] = [await join(), await join()];
    await echo(plain, 'get');
    await echo(subscriber, SUBSCRIBE);
    const isClosed = closed(subscriber);
    proxy.reset('subscribers');
    await isClosed;
    expect(await echo(plain, 'again')).toBe('AGAIN');
  });

  it('cuts without a word, loses what was sent, and breaks what was cut when it heals', async () => {
    const socket = await join();
    await echo(socket, 'before');
    proxy.cut('all');
    const isClosed = closed(socket);
    socket.write('lost');
    upstream.write('lost as well');
    proxy.heal();
    await isClosed;
    expect(arrived).toEqual(['before']);
    expect(await echo(await join(), 'after')).toBe('AFTER');
  });

  it('cuts those who come later too', async () => {
    proxy.cut('all');
    const socket = await join();
    socket.write('lost');
    proxy.heal();
    await closed(socket);
    expect(arrived).toEqual([]);
  });

  it('deafens those who are there, and nobody who comes later', async () => {
    const socket = await join();
    await echo(socket, 'before');
    proxy.deafen('all');
    socket.write('lost');
    expect(await echo(await join(), 'fresh')).toBe('FRESH');
    expect(arrived).toEqual(['before', 'fresh']);
    socket.destroy();
  });

  it('delays in both directions', async () => {
    const socket = await join();
    proxy.slow('all', 60);
    const askedAt = performance.now();
    expect(await echo(socket, 'slowly')).toBe('SLOWLY');
    expect(performance.now() - askedAt).toBeGreaterThanOrEqual(110);
  });
});
