import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const TRIES = 20;

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Listens on `port`, or on the next one that nobody has taken; says which. 0: any free port. */
export const listenFrom = async (server: Server, port: number, host: string): Promise<number> => {
  for (let tried = 0; tried < TRIES; tried += 1) {
    try {
      return await listen(server, port + tried, host);
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw new Error(`Ports ${port} to ${port + TRIES - 1} are taken. Choose another one with PORT.`);
};
