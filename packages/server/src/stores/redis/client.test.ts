import { Cluster as Cluster56 } from 'ioredis56';
import { Redis as Redis56 } from 'ioredis56';
import { Cluster, Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import type { Connection } from './client.ts';
import { openConnection } from './client.ts';
import { createConnections } from './connections.ts';

describe.each([
  ['6', Cluster],
  ['5.6.0', Cluster56],
])('a connection beside a Cluster client of ioredis %s', (_version, Client) => {
  it('logs in as that client does, and queues nothing', () => {
    const redisOptions = { username: 'app', password: 'secret', tls: { servername: 'redis' } };
    const client = new Client([{ host: '127.0.0.1', port: 1 }], {
      lazyConnect: true,
      redisOptions,
    });
    const connection = openConnection(client, {
      forMessages: false,
      silenceMs: 3000,
      onError: () => undefined,
    });
    const { options } = connection as unknown as { options: { redisOptions: object } };
    expect(options.redisOptions).toMatchObject({
      ...redisOptions,
      maxRetriesPerRequest: 0,
      socketTimeout: 3000,
    });
    connection.disconnect();
    client.disconnect();
  });
});

describe.each([
  ['6', Redis],
  ['5.6.0', Redis56],
])('a client of ioredis %s that queues and repeats', (_version, Given) => {
  // Alike in what is asked of them here, but no type says so of both.
  const Client = Given as typeof Redis;

  it('is warned of what the store does not follow, and the store queues and repeats nothing', () => {
    const client = new Client(1, '127.0.0.1', { lazyConnect: true, keyPrefix: 'app:', db: 3 });
    const warned: unknown[] = [];
    const told: unknown[] = [];
    const silent = (): void => undefined;
    const logger = {
      debug: (seen: object) => void told.push(seen),
      info: silent,
      warn: (seen: object) => void warned.push(seen),
      error: silent,
    };
    const { open } = createConnections(client, logger, 1000);
    expect(warned).toEqual([{ ignored: ['keyPrefix "app:" (use the store\'s prefix)'] }]);
    expect(told).toEqual([{ looser: expect.arrayContaining(['enableOfflineQueue: true']) }]);
    const connection: Connection = open(false);
    expect((connection as unknown as { options: object }).options).toMatchObject({
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      readOnly: false,
      socketTimeout: 3000,
      keyPrefix: '',
      db: 3,
    });
    connection.disconnect();
    client.disconnect();
  });

  it('that reads from replicas is refused or warned', () => {
    const slave = new Client({
      lazyConnect: true,
      sentinels: [{ port: 1 }],
      name: 'x',
      role: 'slave',
    });
    const silent = (): void => undefined;
    const warned: unknown[] = [];
    const warn = (seen: object): void => void warned.push(seen);
    const logger = { debug: silent, info: silent, warn, error: silent };
    expect(() => createConnections(slave, logger, 1000)).toThrow('option role is "slave"');
    const reader = new Cluster([{ port: 1 }], { lazyConnect: true, scaleReads: 'slave' });
    const { open } = createConnections(reader, logger, 1000);
    expect(warned).toEqual([{ ignored: ['scaleReads (replicas lag behind)'] }]);
    const connection = open(false);
    const { options } = connection as unknown as { options: object };
    expect(options).toMatchObject({
      scaleReads: 'master',
      redisOptions: { maxRetriesPerRequest: 0 },
    });
    connection.disconnect();
    reader.disconnect();
    slave.disconnect();
  });
});
