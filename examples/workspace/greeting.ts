import type { Policy } from '@presence/server';

interface Facts {
  readonly port: number;
  /** The port that was asked for. */
  readonly wanted: number;
  readonly policy: Pick<Policy, 'awayAfterMs' | 'offlineAfterIdleMs'>;
  /** Where presence is kept. */
  readonly shown: string;
  /** What the command line tool takes, where a command for cron makes sense. */
  readonly url: string;
}

const MINUTE_MS = 60_000;

const minutes = (ms: number): string => `${Math.round((ms / MINUTE_MS) * 10) / 10} min`;

/** What a newcomer reads in the terminal. */
export const greeting = ({ port, wanted, policy, shown, url }: Facts): string => `
  ●  The workspace is running
${wanted !== 0 && wanted !== port ? `\n     Port      ${wanted} is taken by another program, so it is ${port}\n` : ''}
     Open      http://localhost:${port}
     Store     ${shown}

     Try       1. Sign in to Juniper as Ada, and in a private window as Grace. Write to each other in #design.
               2. Open five more tabs as Ada: they share one connection. Close all of them.
               3. Sign in to Northwind as Ada too: nobody there sees what Ada is in Juniper.
               4. Touch nothing: away after ${minutes(policy.awayAfterMs)}, offline after ${minutes(policy.offlineAfterIdleMs)}.
${url.startsWith('memory:') ? '' : `\n     For cron  npm run presence -- reap --url ${url}\n`}`;
