import type { Redis } from 'ioredis';

/** What a Redis server has used since it started. */
export interface RedisUse {
  /** Milliseconds. */
  readonly cpu: number;
  /** Commands that clients sent; what scripts do inside is not among them. */
  readonly commands: number;
  /** Bytes from and to clients. */
  readonly traffic: number;
  /** Bytes of data. */
  readonly memory: number;
}

const numberIn = (info: string, name: string): number =>
  Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1]);

/** CPU that the server used, in milliseconds. */
export const cpuMsOf = async (redis: Redis): Promise<number> => {
  const info = await redis.info('cpu');
  return 1000 * (numberIn(info, 'used_cpu_user') + numberIn(info, 'used_cpu_sys'));
};

const commandsIn = (stats: string): number =>
  [...stats.matchAll(/cmdstat_(\w+):calls=(\d+)/g)]
    .filter(([, name = '']) => name === 'evalsha')
    .reduce((sum, [, , calls]) => sum + Number(calls), 0);

export const readUse = async (redis: Redis): Promise<RedisUse> => {
  const info = await redis.info('stats');
  return {
    cpu: await cpuMsOf(redis),
    commands: commandsIn(await redis.info('commandstats')),
    traffic: numberIn(info, 'total_net_input_bytes') + numberIn(info, 'total_net_output_bytes'),
    memory: numberIn(await redis.info('memory'), 'used_memory'),
  };
};
