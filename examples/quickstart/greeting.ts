/** What a newcomer reads in the terminal. */
export const greeting = (port: number, { awayAfterMs }: { awayAfterMs: number }): string => `
  ●  Presence quickstart is running

     Open      http://localhost:${port}

     Try       1. Sign in, then open a second window as somebody else.
               2. Leave one window alone: away after ${awayAfterMs / 1000} seconds.
               3. Stop this server with Ctrl+C, start it again, and watch both windows come back.
`;
