interface Facts {
  readonly port: number;
  /** The port that was asked for. */
  readonly wanted: number;
  /** Where messages and people are kept. */
  readonly file: string;
}

/** What a newcomer reads in the terminal. */
export const greeting = ({ port, wanted, file }: Facts): string => `
  ●  Porchlight, a chat over Socket.IO, is running
${wanted !== 0 && wanted !== port ? `\n     Port      ${wanted} is taken by another program, so it is ${port}\n` : ''}
     Open      http://localhost:${port}
     Store     ${file}

     Try       1. Come in with a name, then open a second window with another one.
               2. Write in one, and watch the other: who is in the room, and who is typing.
               3. Cut the network of one while it types: the typing ends by itself.
`;
