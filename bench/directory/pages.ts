// Pages of a list as an admin's browser gets them: over HTTP, one after the other, by a process of its own. Turned within
// the server's process, each page would wait for the one before it, and V8 keep what all of them held.
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AdminUsersAnswer } from '@presence/core/protocol';
import type { Presence } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { listen } from '../joining.ts';
import { answers, role, start } from '../sides.ts';

interface Asked {
  readonly port: number;
  readonly query: string;
  /** Pages that are turned, at most. */
  readonly most: number;
}

/** An admin who turns pages. */
export interface Admin {
  /** How long pages took, in milliseconds, from the first on. */
  turn(query: string, most: number): Promise<readonly number[]>;
  leave(): Promise<void>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const textOf = (port: number, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = get({ agent, port, host: '127.0.0.1', path }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`${path}: ${text}`)),
      );
    });
    asked.on('error', reject);
  });

const turn = async ({ port, query, most }: Asked): Promise<readonly number[]> => {
  const times: number[] = [];
  let cursor = '';
  for (let page = 0; page < most; page += 1) {
    const startedAt = performance.now();
    const text = await textOf(port, `/admin/users?limit=100&${query}${cursor}`);
    times.push(performance.now() - startedAt);
    const { nextCursor } = JSON.parse(text) as AdminUsersAnswer;
    if (nextCursor === undefined) break;
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
  return times;
};

/** Serves presence, and has an admin look at it. */
export const adminOf = async (presence: Presence<IncomingMessage>): Promise<Admin> => {
  const handle = expressPresence(presence);
  const server = createServer((request, response) =>
    handle(request, response, () => response.writeHead(500).end()),
  );
  server.keepAliveTimeout = 60_000;
  const port = await listen(server);
  const admin = start(import.meta.filename, 'admin');
  return {
    turn: (query, most) => admin.ask('turn', { port, query, most } satisfies Asked),
    leave: async () => {
      await admin.stop();
      server.close();
      await presence.close();
    },
  };
};

if (role === 'admin') answers({ turn });
