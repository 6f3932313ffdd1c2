import type { FoundRedis } from './find-redis.ts';

interface Started {
  readonly port: number;
  /** The port that was asked for. */
  readonly wanted: number;
  readonly redis: FoundRedis;
  readonly people: number;
}

/** What a newcomer reads in the terminal. */
export const greeting = ({ port, wanted, redis, people }: Started): string => `
  ●  Three nodes run, with ${people} simulated people on them
${wanted !== 0 && wanted !== port ? `\n     Port      ${wanted} is taken by another program, so it is ${port}\n` : ''}
     Open      http://localhost:${port}
     Redis     ${redis.version} at ${redis.address}${redis.isOwn ? ', started for this example and gone with it' : ''}

     Try       1. Kill a node: everybody on it is back on another one, and nobody is seen leaving.
               2. Deploy a new version: one node after the other is drained and started again.
               3. Kill all three: nobody is shown as offline whom nobody can know about.
`;
