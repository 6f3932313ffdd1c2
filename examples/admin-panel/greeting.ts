import type { Policy } from '@presence/server';
import { DEMO_PASSWORD } from './seed.ts';

interface Facts {
  readonly port: number;
  /** The port that was asked for. */
  readonly wanted: number;
  readonly policy: Pick<Policy, 'heartbeatMs' | 'leaseMs'>;
  readonly shown: string;
}

/** What a newcomer reads in the terminal. */
export const greeting = ({ port, wanted, policy, shown }: Facts): string => `
  ●  The admin panel is running
${wanted !== 0 && wanted !== port ? `\n     Port      ${wanted} is taken by another program, so it is ${port}\n` : ''}
     Open      http://localhost:${port}
     Users     ${shown}

     Try       1. Sign in as ada@juniper.example, an admin; the password is ${DEMO_PASSWORD}.
               2. In a private window sign in as grace@juniper.example, and suspend her.
               3. Switch to polling, and close Grace's browser by force: heartbeats each ${policy.heartbeatMs / 1000} s,
                  offline ${policy.leaseMs / 1000} s after the last.
`;
