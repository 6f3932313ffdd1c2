import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPool, type Pool, type Target } from './pool.ts';
import { createProxy, type Proxy } from './proxy.ts';

interface TestNode extends Target {
  readonly server: Server;
  isReady: boolean;
  readonly asked: string[];
  readonly bodies: string[];
  readonly streams: Set<Duplex>;
}

const nodes: TestNode[] = [];
let told: string[] = [];
let pool: Pool;
let proxy: Proxy;
let url: string;
let front: Server;

const listening = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

const startNode = async (id: number): Promise<void> => {
  const server = createServer((request, response) => {
    if (request.url !== '/ready')
      node.asked.push(`${String(request.headers['x-user'])} ${request.url}`);
    request.on('data', (chunk: Buffer) => node.bodies.push(chunk.toString()));
    request.on('end', () => {
      response.writeHead(node.isReady ? 200 : 503, { 'x-node': String(id) }).end();
    });
  });
  server.on('upgrade', (_request, stream) => {
    if (!node.isReady) {
      return void stream.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
    }
    stream.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: test\r\nConnection: Upgrade\r\n\r\n',
    );
    node.streams.add(stream);
    stream.on('error', () => undefined);
    stream.on('end', () => stream.end());
    stream.on('data', (chunk: Buffer) => void stream.write(`${id}:${chunk.toString()}`));
  });
  const port = await listening(server);
  const node: TestNode = {
    id,
    port,
    server,
    isReady: true,
    asked: [],
    bodies: [],
    streams: new Set(),
  };
  nodes.push(node);
};

beforeEach(async () => {
  await Promise.all([1, 2, 3].map(startNode));
  // Its own for each test: a socket of the one before may end late.
  const lines: string[] = [];
  told = lines;
  pool = createPool(() => nodes);
  proxy = createProxy({
    pool,
    onOpen: (userId, node) => void lines.push(`${userId} on ${node}`),
    onClose: (userId, node) => void lines.push(`${userId} off ${node}`),
  });
  front = createServer((request, response) => {
    void proxy.request(request, response, { userId: 'ada', path: request.url ?? '/' });
  });
  front.on('upgrade', (request, stream, head) => {
    proxy.upgrade(request, stream, head, { userId: 'ada', path: '/presence/socket' });
  });
  url = `http://127.0.0.1:${await listening(front)}`;
});

afterEach(async () => {
  proxy.close();
  await Promise.all(nodes.map(kill));
  front.closeAllConnections();
  await new Promise((done) => front.close(done));
  nodes.length = 0;
});

const kill = async ({ server, streams }: TestNode): Promise<void> => {
  for (const stream of streams) stream.destroy();
  server.closeAllConnections();
  if (server.listening) await new Promise((done) => server.close(done));
};

const nodeOf = async (init?: RequestInit): Promise<string> => {
  const response = await fetch(`${url}/presence/ticket`, init);
  return response.headers.get('x-node') ?? String(response.status);
};

const open = async (): Promise<Duplex> => {
  const asked = request(url, { headers: { connection: 'Upgrade', upgrade: 'test' } });
  asked.end();
  const [, stream] = (await once(asked, 'upgrade')) as [unknown, Duplex];
  return stream;
};

const says = async (stream: Duplex, text: string): Promise<string> => {
  const answer = once(stream, 'data');
  stream.write(text);
  return String(((await answer) as [Buffer])[0]);
};

test('requests take turns, and say who it is in a header that nobody else can set', async () => {
  const answers = [];
  for (let count = 0; count < 6; count += 1) {
    answers.push(await nodeOf({ headers: { 'x-user': 'mallory' } }));
  }
  expect(answers.toSorted()).toEqual(['1', '1', '2', '2', '3', '3']);
  expect(new Set(nodes.flatMap(({ asked }) => asked))).toEqual(new Set(['ada /presence/ticket']));
});

test('a request that finds its node dead, or draining, is asked again elsewhere, with its body', async () => {
  await kill(nodes[0] as TestNode);
  (nodes[1] as TestNode).isReady = false;
  for (let count = 0; count < 3; count += 1) {
    expect(await nodeOf({ method: 'POST', body: `{"beat":${count}}` })).toBe('3');
  }
  expect(nodes[2]?.bodies).toEqual(['{"beat":0}', '{"beat":1}', '{"beat":2}']);
});

test('nobody is sent to a node that is not ready, until it says that it is', async () => {
  const [first] = nodes as [TestNode];
  first.isReady = false;
  await pool.probe();
  for (let count = 0; count < 6; count += 1) await nodeOf();
  expect(first.asked).toEqual([]);
  first.isReady = true;
  await pool.probe();
  for (let count = 0; count < 3; count += 1) await nodeOf();
  expect(first.asked).toHaveLength(1);
});

test('no node: 503, and try again', async () => {
  await Promise.all(nodes.map(kill));
  const response = await fetch(url);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
});

test('a body without end is not kept', async () => {
  expect(await nodeOf({ method: 'POST', body: 'x'.repeat(65 * 1024) })).toBe('413');
});

test('sockets go where the fewest are, both ways, and end with their node', async () => {
  const streams = [await open(), await open(), await open()];
  expect(told.toSorted()).toEqual(['ada on 1', 'ada on 2', 'ada on 3']);
  const answers = await Promise.all(streams.map((stream) => says(stream, 'hello')));
  expect(answers.toSorted()).toEqual(['1:hello', '2:hello', '3:hello']);
  const ends = streams.map((stream) => once(stream, 'close'));
  for (const stream of streams) stream.on('error', () => undefined);
  streams[0]?.destroy();
  await ends[0];
  await expect.poll(() => told.filter((line) => line.includes('off'))).toHaveLength(1);
  // The next one fills the gap.
  const [gap] = told.filter((line) => line.includes('off')).map((line) => line.at(-1));
  const fourth = await open();
  expect(told.at(-1)).toBe(`ada on ${gap}`);
  fourth.destroy();
});

test('sockets that come at once are spread as well', async () => {
  const streams = await Promise.all(Array.from({ length: 9 }, open));
  for (const id of [1, 2, 3])
    expect(told.filter((line) => line === `ada on ${id}`)).toHaveLength(3);
  for (const stream of streams) stream.destroy();
});

test('a socket whose node dies is closed', async () => {
  const stream = await open();
  stream.on('error', () => undefined);
  const closed = once(stream, 'close');
  await Promise.all(nodes.map(kill));
  await closed;
  await expect.poll(() => told.filter((line) => line.includes('off'))).toHaveLength(1);
});

test('a socket finds another node where one is draining or dead', async () => {
  (nodes[0] as TestNode).isReady = false;
  await kill(nodes[1] as TestNode);
  for (let count = 0; count < 3; count += 1) {
    const stream = await open();
    expect(await says(stream, 'hi')).toBe('3:hi');
    stream.destroy();
  }
});
