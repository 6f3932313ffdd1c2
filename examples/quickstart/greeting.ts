/** What a newcomer reads in the terminal. `wanted`: the port that was asked for. */
export const greeting = (
  port: number,
  wanted: number,
  { awayAfterMs }: { awayAfterMs: number },
): string => `
  ●  Presence quickstart is running
${wanted !== 0 && wanted !== port ? `\n     Port      ${wanted} is taken by another program, so it is ${port}\n` : ''}
     Open      http://localhost:${port}

     Try       1. Sign in, then open a second window as somebody else.
               2. Leave one window alone: away after ${awayAfterMs / 1000} seconds.
               3. Stop this server with Ctrl+C, start it again, and watch both windows come back.
                  What they said of themselves lives in the memory of this server, and ends with it.
`;
