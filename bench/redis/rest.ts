// What users at rest on sockets cost Redis, and what heartbeats over HTTP do.
import { figure, wait } from '../sides.ts';
import { startNode } from './nodes.ts';
import { atOnce, numbered } from './records.ts';
import { secondsOf, type BenchRedis } from './server.ts';

const USERS = 100_000;
const NODES = 4;
const REST_MS = 20_000;

export const atRest = async ({ redis, sent, held }: BenchRedis): Promise<void> => {
  const nodes = numbered(NODES, () => startNode(redis));
  await Promise.all(nodes.map(({ presence }) => presence.count()));
  const empty = await held();
  await atOnce(
    numbered(USERS, (user) => user),
    400,
    (user) => (nodes[user % NODES] as (typeof nodes)[number]).join(`socket-${user}`),
  );
  figure('a user on a socket, in Redis', ((await held()) - empty) / USERS, 'bytes');
  await wait(2000);
  const before = await sent();
  const seconds = await secondsOf(() => wait(REST_MS));
  figure(
    `${USERS.toLocaleString('en')} users at rest on ${NODES} nodes`,
    ((await sent()) - before) / seconds,
    'commands/s',
    'under 10',
  );
  await Promise.all(nodes.map((node) => node.stop()));
};

export const heartbeats = async ({ redis, sent }: BenchRedis): Promise<void> => {
  const node = startNode(redis);
  const users = numbered(5000, (user) => `http-${user}`);
  const sessions = new Map<string, unknown>();
  await atOnce(users, 500, async (userId) => {
    sessions.set(userId, (await node.ask(userId, 'POST /heartbeat', {})).sessionId);
  });
  const before = await sent();
  let beats = 0;
  const seconds = await secondsOf(async () => {
    for (let round = 1; round <= 6; round += 1) {
      await atOnce(users, 2000, async (userId) => {
        await node.ask(userId, 'POST /heartbeat', { sessionId: sessions.get(userId), seq: round });
        beats += 1;
      });
    }
  });
  figure('HTTP heartbeats through one node', beats / seconds, '1/s');
  figure('commands for each', ((await sent()) - before) / beats, 'commands', 'at most 0.02');
  await node.stop();
};
