import { Cluster as Cluster56 } from 'ioredis56';
import { Cluster } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { openConnection } from './client.ts';

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
      onError: () => undefined,
    });
    const { options } = connection as unknown as { options: { redisOptions: object } };
    expect(options.redisOptions).toMatchObject({ ...redisOptions, maxRetriesPerRequest: 0 });
    connection.disconnect();
    client.disconnect();
  });
});
