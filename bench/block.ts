// From an admin's block on one node until the socket of who is blocked is closed on another: two node processes over one
// Redis, real sockets. Beside it a message through the same Redis, which is the least that any block takes.
import { request } from 'node:http';
import { redisStore } from '@presence/server/redis';
import { Redis } from 'ioredis';
import type { WebSocket } from 'ws';
import { startRedis } from '../tests/services/redis-server.ts';
import { joinPresence, servePresence } from './joining.ts';
import {
  answers,
  cpuMs,
  figure,
  given,
  machine,
  median,
  percentile,
  role,
  start,
} from './sides.ts';

const FILE = import.meta.filename;
const ALONE = 300;
const TOGETHER = 300;
const ADMIN = 'root';

const serve = async (): Promise<void> => {
  const redis = new Redis({
    port: Number(given['redis']),
    enableOfflineQueue: false,
    lazyConnect: true,
  });
  await redis.connect();
  const { port } = servePresence({
    store: redisStore({ redis, prefix: 'bench' }),
    admin: true,
    security: {
      secret: 'only for measuring, never for real use',
      authorize: ({ userId }, action) => !action.startsWith('admin:') || userId === ADMIN,
      limits: { perAddressPerMinute: 1e9, queriesPerMinute: 1e9 },
    },
  });
  answers({ port: () => port, cpu: () => cpuMs() });
};

const block = (port: number, userId: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({ account: 'suspended' });
    const asked = request(
      {
        port,
        host: '127.0.0.1',
        method: 'PUT',
        path: `/presence/admin/users/${userId}/account`,
        headers: {
          'x-user': ADMIN,
          'content-type': 'application/json',
          'content-length': body.length,
        },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });

const closed = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', resolve));

/** Ms from the request of the admin to the closed socket. */
const blockOne = async (port: number, userId: string, socket: WebSocket): Promise<number> => {
  const startedAt = performance.now();
  const [status, code] = await Promise.all([block(port, userId), closed(socket)]);
  const tookMs = performance.now() - startedAt;
  if (status !== 200 || code !== 4403) throw new Error(`${userId}: ${status}, closed by ${code}`);
  return tookMs;
};

const messages = async (port: number): Promise<number[]> => {
  const [from, to] = [new Redis({ port }), new Redis({ port })];
  await to.subscribe('bench-message');
  const took: number[] = [];
  for (let turn = 0; turn < ALONE; turn += 1) {
    const startedAt = performance.now();
    const heard = new Promise((resolve) => to.once('message', resolve));
    await from.publish('bench-message', String(turn));
    await heard;
    took.push(performance.now() - startedAt);
  }
  from.disconnect();
  to.disconnect();
  return took;
};

/** Counts the scripts that Redis runs from here on. */
const countCommands = async (port: number): Promise<() => Promise<number>> => {
  const redis = new Redis({ port });
  const read = async (): Promise<number> => {
    const told = (await redis.info('commandstats')).matchAll(
      /^cmdstat_(?:evalsha|fcall).*?calls=(\d+)/gm,
    );
    return [...told].reduce((sum, [, calls]) => sum + Number(calls), 0);
  };
  const before = await read();
  return async () => {
    const count = (await read()) - before;
    redis.disconnect();
    return count;
  };
};

const show = (name: string, took: readonly number[], goal?: string): void => {
  figure(`${name}, median`, median([...took]), 'ms');
  figure(`${name}, 99th percentile`, percentile(took, 0.99), 'ms', goal);
};

const compare = async (): Promise<void> => {
  console.log(`A block until the socket is closed, two nodes over Redis. ${machine()}`);
  const server = await startRedis();
  const nodes = [1, 2].map(() => start(FILE, 'node', { redis: server.port }));
  const [first = 0, second = 0] = await Promise.all(nodes.map((node) => node.ask<number>('port')));
  const sockets: WebSocket[] = [];
  for (let user = 0; user < ALONE + TOGETHER; user += 1) {
    sockets.push(await joinPresence(second, `user-${user}`, { add: [`user-${user}`] }));
  }
  const alone: number[] = [];
  for (const [user, socket] of sockets.slice(0, ALONE).entries()) {
    alone.push(await blockOne(first, `user-${user}`, socket));
  }
  const cpu = async (): Promise<number> => {
    const used = await Promise.all(nodes.map((node) => node.ask<number>('cpu')));
    return used.reduce((sum, ms) => sum + ms, 0);
  };
  const commands = await countCommands(server.port);
  const cpuBefore = await cpu();
  const ownBefore = cpuMs();
  const together = await Promise.all(
    sockets.slice(ALONE).map((socket, user) => blockOne(first, `user-${ALONE + user}`, socket)),
  );
  const usedMs = (await cpu()) - cpuBefore;
  const ownMs = cpuMs() - ownBefore;
  const asked = await commands();
  show('a block, one after the other', alone, 'at most 1000');
  show(`${TOGETHER} blocks at once`, together, 'at most 1000');
  figure('CPU of both servers for one of them', usedMs / TOGETHER, 'ms');
  figure('scripts that Redis ran for all of them', asked, '');
  figure('CPU of the process that asks and listens', ownMs / TOGETHER, 'ms');
  show('a message through Redis', await messages(server.port));
  for (const node of nodes) await node.stop();
  await server.stop();
  process.exit(0);
};

await (role === 'node' ? serve() : compare());
