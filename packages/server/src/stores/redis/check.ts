import { PresenceError, type Clock } from '@presence/core';
import type { Deadline } from '../shared/deadline.ts';
import type { Connection } from './client.ts';
import type { Epochs } from './epochs.ts';
import { unavailable } from './failures.ts';
import type { Partitions } from './partitions.ts';
import { deniedIn } from './permissions.ts';
import { whenReady } from './scripts.ts';
import { oneAtATime } from '../../one-at-a-time.ts';

interface CheckParts {
  readonly connection: Connection;
  readonly partitions: Partitions;
  readonly epochs: Epochs;
  readonly deadline: Deadline;
  readonly clock: Clock;
  readonly isSharded: boolean;
}

/** A check that passed holds for so long: load balancers ask often, and of every node. */
const HOLDS_MS = 5000;

const OLDEST_MAJOR = 7;

const refused = (what: string): PresenceError =>
  new PresenceError('invalid_options', `[presence/redis] ${what}`);

const fieldOf = (info: string, name: string): string =>
  new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? '';

const checkServer = (server: string, replication: string, memory: string): void => {
  const version = fieldOf(server, 'redis_version');
  if (!(Number.parseInt(version, 10) >= OLDEST_MAJOR)) {
    throw refused(
      `The server is too old: Redis ${OLDEST_MAJOR}.0 or newer is needed, and it says that it is ${version || 'of no version'}.`,
    );
  }
  if (fieldOf(replication, 'role') === 'slave') {
    throw refused('The server is a replica. Pass a client of the master.');
  }
  const policy = fieldOf(memory, 'maxmemory_policy');
  // The store's keys never expire, so that what evicts only keys that do leaves them alone.
  if (policy.startsWith('allkeys') && fieldOf(memory, 'maxmemory') !== '0') {
    throw refused(
      `The server throws keys away when its memory is full (maxmemory-policy ${policy}), and with them who is present. Set maxmemory-policy noeviction.`,
    );
  }
};

const checkPermissions = async (
  { connection, partitions, isSharded }: CheckParts,
  partition: number,
): Promise<void> => {
  const denied = await deniedIn(connection, partitions, partition, isSharded);
  if (denied.length === 0) return;
  throw refused(
    `The user may not run ${denied.join(', ')}, or not with the keys and channels of this store. The guide lists what it needs.`,
  );
};

const placesOf = ({ partitions }: CheckParts): readonly number[] =>
  Array.from({ length: partitions.count }, (_, partition) => partition);

/** Asks everything that could be wrong with the servers, and changes nothing. */
const look = async (parts: CheckParts): Promise<void> => {
  const { connection } = parts;
  await whenReady(connection);
  for (const server of connection.nodes?.('master') ?? [connection]) {
    const [about, replication, memory] = await Promise.all(
      ['server', 'replication', 'memory'].map((section) => server.info(section)),
    );
    checkServer(about!, replication!, memory!);
  }
  await Promise.all(placesOf(parts).map((each) => checkPermissions(parts, each)));
};

/** Whether every server takes a write: the pulse, with a page of none. */
const write = (parts: CheckParts): Promise<unknown> =>
  Promise.all(placesOf(parts).map((each) => parts.epochs.run('due', each, [0, 0])));

export interface Check {
  /** Rejects with what is wrong and what to do. Once for everybody who asks at the same time. */
  check(): Promise<void>;
  /** The same, without a write. */
  look(): Promise<void>;
}

export const createCheck = (parts: CheckParts): Check => {
  const { deadline, clock } = parts;
  let passedAt = Number.NEGATIVE_INFINITY;

  const explained = async (work: Promise<unknown>): Promise<void> => {
    try {
      await deadline(work);
    } catch (error) {
      throw unavailable(error);
    }
  };

  const ask = oneAtATime(async () => {
    await explained(look(parts).then(() => write(parts)));
    passedAt = clock.now();
  });

  return {
    look: () => explained(look(parts)),
    check: async () => {
      if (clock.now() - passedAt < HOLDS_MS) return;
      return ask();
    },
  };
};
