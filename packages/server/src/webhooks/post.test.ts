import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createVirtualClock } from '@presence/core/testing';
import { systemClock } from '../system-clock.ts';
import { createPost } from './post.ts';

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))),
  );
});

/** A server that says these very bytes to whatever it is asked; `null`: nothing, ever. */
const saying = async (answer: string | null): Promise<{ url: URL; asked: () => string }> => {
  let asked = '';
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      asked += bytes.toString();
      if (answer !== null) socket.end(answer);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://app.example:${port}/hook`), asked: () => asked };
};

const onThisMachine = async () => [{ address: '127.0.0.1', family: 4 }];

const postTo = (url: URL, more: object = {}) =>
  createPost({
    clock: systemClock,
    timeoutMs: 20_000,
    allowPrivate: true,
    lookup: onThisMachine,
    ...more,
  })({ url, headers: { 'content-type': 'application/json', 'x-own': 'yes' }, body: '{"a":"é"}' });

describe('a real server', () => {
  it('gets the body and the headers at the address that was judged, by its own name', async () => {
    const { url, asked } = await saying('HTTP/1.1 204 No Content\r\n\r\n');
    expect(await postTo(url)).toEqual({ status: 204 });
    expect(asked()).toContain('POST /hook HTTP/1.1');
    expect(asked().toLowerCase()).toContain(`host: app.example:${url.port}`);
    expect(asked().toLowerCase()).toContain('content-length: 10');
    expect(asked()).toContain('x-own: yes');
  });

  it('that redirects is not followed', async () => {
    const elsewhere = await saying('HTTP/1.1 200 OK\r\n\r\n');
    const { url } = await saying(
      `HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:${elsewhere.url.port}/\r\n\r\n`,
    );
    expect(await postTo(url)).toEqual({ status: 302 });
    expect(elsewhere.asked()).toBe('');
  });

  it('that hangs is left when time is up', async () => {
    const { url, asked } = await saying(null);
    const clock = createVirtualClock();
    const posted = postTo(url, { clock, timeoutMs: 5000 });
    const failed = expect(posted).rejects.toThrow('timeout');
    await expect.poll(asked, { timeout: 20_000 }).toContain('POST');
    await clock.advance(5000);
    await failed;
  });

  it('whose name is looked up for too long is not asked any more', async () => {
    const { url, asked } = await saying('HTTP/1.1 204 No Content\r\n\r\n');
    const clock = createVirtualClock();
    let found = (_addresses: Awaited<ReturnType<typeof onThisMachine>>): void => undefined;
    const lookup = (): ReturnType<typeof onThisMachine> =>
      new Promise((resolve) => (found = resolve));
    const failed = expect(postTo(url, { clock, timeoutMs: 5000, lookup })).rejects.toThrow(
      'timeout',
    );
    await clock.advance(5000);
    await failed;
    found(await onThisMachine());
    // Whoever is asked after it was to be asked before.
    expect(await postTo(url)).toEqual({ status: 204 });
    expect(asked().match(/POST/g)).toHaveLength(1);
  });

  it('that answers with headers without end is left', async () => {
    const { url } = await saying(`HTTP/1.1 200 OK\r\n${'x-long: y\r\n'.repeat(100_000)}`);
    await expect(postTo(url)).rejects.toThrow(Error);
  });

  it.each([
    ['garbage', 'this is not HTTP at all\r\n\r\n'],
    ['nothing', ''],
    ['a status that is none', 'HTTP/1.1 banana\r\n\r\n'],
  ])('that answers %s is an error', async (_, answer) => {
    const { url } = await saying(answer);
    await expect(postTo(url)).rejects.toThrow(Error);
  });

  it.each([
    ['a body that never ends', 'HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\nx'],
    ['a body that is no body', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz'],
  ])('that answers %s has answered', async (_, answer) => {
    const { url } = await saying(answer);
    expect(await postTo(url)).toEqual({ status: 200 });
  });

  it('that never comes to an end is hung up on', async () => {
    let isClosed = false;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('close', () => (isClosed = true));
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\nx'));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await postTo(new URL(`http://app.example:${port}`))).toEqual({ status: 200 });
    await expect.poll(() => isClosed, { timeout: 20_000 }).toBe(true);
  });

  it('at a private address is not even connected to', async () => {
    const { url, asked } = await saying('HTTP/1.1 200 OK\r\n\r\n');
    await expect(postTo(url, { allowPrivate: false })).rejects.toThrow('target_refused');
    expect(asked()).toBe('');
  });
});
