import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookEvent } from '@presence/server';

/** Takes webhooks, and remembers in which order they came. */
export interface Target {
  readonly url: string;
  /** What it was told of each user, each change where it was first told. */
  told(): ReadonlyMap<string, readonly WebhookEvent[]>;
  close(): Promise<void>;
}

/** One of so many is refused: it has to be told again before what came behind it. */
const REFUSED_EVERY = 7;

export const startTarget = async (): Promise<Target> => {
  const told = new Map<string, WebhookEvent[]>();
  let asked = 0;
  const take = (event: WebhookEvent): void => {
    const { userId, version } = event.presence;
    const theirs = told.get(userId) ?? [];
    told.set(userId, theirs);
    if (!theirs.some(({ presence }) => presence.version === version)) theirs.push(event);
  };
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      asked += 1;
      const isTaken = asked % REFUSED_EVERY !== 0;
      if (isTaken) take(JSON.parse(text) as WebhookEvent);
      response.writeHead(isTaken ? 204 : 500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    told: () => told,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
