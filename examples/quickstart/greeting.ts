import type { Policy } from '@presence/server';
import type { OpenedStore } from '@presence/example-shared/store.ts';

type Kept = Pick<OpenedStore, 'shown' | 'keeps'>;

interface Facts {
  readonly port: number;
  /** The port that was asked for. */
  readonly wanted: number;
  readonly policy: Pick<Policy, 'awayAfterMs'>;
  readonly kept: Kept;
}

const restart = ({ keeps }: Kept): string =>
  keeps
    ? 'What they said of themselves is still there.'
    : 'What they said of themselves lives in the memory of this server, and ends with it.';

/** What a newcomer reads in the terminal. */
export const greeting = ({ port, wanted, policy: { awayAfterMs }, kept }: Facts): string => `
  ●  Presence quickstart is running
${wanted !== 0 && wanted !== port ? `\n     Port      ${wanted} is taken by another program, so it is ${port}\n` : ''}
     Open      http://localhost:${port}
     Store     ${kept.shown}

     Try       1. Sign in, then open a second window as somebody else.
               2. Leave one window alone: away after ${awayAfterMs / 1000} seconds.
               3. Stop this server with Ctrl+C, start it again, and watch both windows come back.
                  ${restart(kept)}
`;

/** The last line of a server that stops. */
export const farewell = ({ shown, keeps }: Kept): string =>
  keeps
    ? `what people said of themselves stays in ${shown}.`
    : 'what people said of themselves was in memory, and ends here.';
