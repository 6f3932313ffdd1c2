import type { Happened } from './town.ts';

/** What `npm run bench -- capacity` printed. Microseconds of CPU and bytes, unless said otherwise. */
const MEASURED = {
  /** Of a node, for each user at rest, each second. */
  rest: 2.5,
  join: 2143,
  joinRedis: 468,
  told: 6.5,
  /** Commands each second of a node with nobody. */
  nodeCommands: 1.4,
  userOnNode: 17_600,
  contactOnNode: 11,
  userInRedis: 569,
  /** Bytes of one change between its node and Redis, and of its message to each node. */
  changeTraffic: 1200,
  message: 325,
};

/** One by one a change costs more than in a crowd, which shares calls, wake-ups and messages. */
const CHANGE = {
  few: { own: 1199, elsewhere: 286, redis: 436 },
  many: { own: 235, elsewhere: 41, redis: 79 },
};

/** Changes each second in all from which on they are many. */
const MANY = 1000;

/** Headers of TCP and IP of a packet, and its acknowledgement, which goes along half of the time. */
const PACKET = 60;

interface Size {
  readonly users: number;
  readonly nodes: number;
  readonly contacts: number;
}

/** At most 30,000 users on a node, so that another one can take over a dead one's. */
export const SIZES: readonly Size[] = [
  { users: 10_000, nodes: 2, contacts: 50 },
  { users: 100_000, nodes: 4, contacts: 50 },
  { users: 1_000_000, nodes: 40, contacts: 50 },
];

const HOUR_S = 3600;
const MICROS = 1_000_000;

const small = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 });

const bytes = (value: number): string =>
  value < 1e9 ? `${small(value / 1e6)} MB` : `${small(value / 1e9)} GB`;

/** What so many users need of nodes and of Redis, when each does in an hour what `each` says. */
export const costOf = ({ users, nodes, contacts }: Size, each: Happened) => {
  const perSecond = (count: number): number => (count * users) / HOUR_S;
  const joins = perSecond(each.joins);
  const changes = perSecond(each.writes) - joins;
  const told = perSecond(each.rows);
  const writes = perSecond(each.writes);
  const cost = writes < MANY ? CHANGE.few : CHANGE.many;
  const nodeCpu =
    users * MEASURED.rest +
    joins * MEASURED.join +
    changes * cost.own +
    writes * (nodes - 1) * cost.elsewhere +
    told * MEASURED.told;
  const redisCpu = joins * MEASURED.joinRedis + changes * cost.redis;
  const toClients =
    perSecond(each.bytes) + perSecond(each.frames) * PACKET + perSecond(each.pings) * (2 + PACKET);
  const ofNode = (users / nodes) * (MEASURED.userOnNode + contacts * MEASURED.contactOnNode);
  const figures: Record<string, string> = {
    nodes: String(nodes),
    'memory of each node': bytes(ofNode),
    'CPU of each node': `${small((100 * nodeCpu) / nodes / MICROS)} % of a core`,
    'to the clients of each node': `${bytes(toClients / nodes)}/s`,
    'users written': `${small(writes)}/s`,
    'Redis commands': `${small(perSecond(each.loads + each.commits) + nodes * MEASURED.nodeCommands)}/s`,
    'CPU of Redis': `${small((100 * redisCpu) / MICROS)} % of a core`,
    'memory of Redis': bytes(users * MEASURED.userInRedis),
    'Redis to nodes and back': `${bytes(writes * (MEASURED.changeTraffic + nodes * MEASURED.message))}/s`,
  };
  return { users, figures };
};
