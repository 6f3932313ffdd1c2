import {
  Agent,
  request as send,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import type { Pool, Target } from './pool.ts';

/** Whose request it is, and what a node is asked: the proxy's own login. */
export interface Forwarded {
  readonly userId: string;
  /** Below the node: `/presence/ticket`. */
  readonly path: string;
}

/** Spreads requests and sockets over the nodes of a pool. */
export interface Proxy {
  request(given: IncomingMessage, response: ServerResponse, forwarded: Forwarded): Promise<void>;
  upgrade(given: IncomingMessage, client: Duplex, head: Buffer, forwarded: Forwarded): void;
  close(): void;
}

interface ProxyParts {
  readonly pool: Pool;
  /** Somebody has a socket at a node. */
  onOpen(userId: string, node: number): void;
  onClose(userId: string, node: number): void;
}

const MOST_BYTES = 64 * 1024;

const bodyOf = async (given: IncomingMessage): Promise<Buffer | null> => {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of given as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
};

const refuse = (client: Duplex): void => {
  client.end('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n');
};

/** Two ends of one socket: what one says the other hears, and they end together. */
const join = (client: Duplex, node: Duplex): void => {
  const oneWay = (from: Duplex, to: Duplex): void => {
    from.on('error', () => to.destroy());
    from.once('close', () => to.destroy());
    from.pipe(to);
  };
  oneWay(client, node);
  oneWay(node, client);
};

const switching = ({ rawHeaders }: IncomingMessage): string => {
  const lines = rawHeaders.map((text, index) => (index % 2 ? `${text}\r\n` : `${text}: `));
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`;
};

type Ask = (given: IncomingMessage, to: Forwarded, target: Target) => ClientRequest;

const createAsk =
  (agent: Agent): Ask =>
  ({ method, headers, socket }, { userId, path }, { port }) =>
    send({
      agent,
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { ...headers, 'x-user': userId, 'x-forwarded-for': socket.remoteAddress ?? '' },
    });

/** One node after the other until one answers: repeating a request changes nothing more. */
const createRequest = (pool: Pool, ask: Ask): Proxy['request'] => {
  const answerOf = (given: IncomingMessage, to: Forwarded, target: Target, body: Buffer) =>
    new Promise<IncomingMessage | null>((resolve) => {
      const asked = ask(given, to, target);
      asked.once('response', (answer) => {
        if (answer.statusCode !== 503) return resolve(answer);
        answer.resume();
        resolve(null);
      });
      asked.once('error', () => {
        pool.fail(target);
        resolve(null);
      });
      asked.end(body);
    });

  return async (given, response, to) => {
    const body = await bodyOf(given).catch(() => null);
    if (body === null) return void response.writeHead(413).end();
    for (const target of pool.forRequest()) {
      const answer = await answerOf(given, to, target, body);
      if (!answer) continue;
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.once('error', () => response.destroy());
      return void answer.pipe(response);
    }
    response.writeHead(503, { 'Retry-After': '1' }).end();
  };
};

interface Carried {
  readonly client: Duplex;
  readonly node: Duplex;
  readonly userId: string;
  readonly target: Target;
}

const createUpgrade = ({ pool, onOpen, onClose }: ProxyParts, ask: Ask): Proxy['upgrade'] => {
  const carry = ({ client, node, userId, target }: Carried, release: () => void): void => {
    onOpen(userId, target.id);
    node.once('close', () => {
      release();
      onClose(userId, target.id);
    });
    join(client, node);
  };

  return (given, client, head, to) => {
    client.on('error', () => client.destroy());
    const tryNext = ([target, ...others]: readonly Target[]): void => {
      if (!target || client.destroyed) return refuse(client);
      // From now on, not from the answer on: many who come at once would all choose the same node.
      const release = pool.hold(target);
      const asked = ask(given, to, target);
      asked.once('upgrade', (answer, node, first) => {
        client.write(switching(answer));
        client.write(first);
        node.write(head);
        carry({ client, node, userId: to.userId, target }, release);
      });
      asked.once('response', (answer) => {
        release();
        answer.resume();
        tryNext(others);
      });
      asked.once('error', () => {
        release();
        pool.fail(target);
        tryNext(others);
      });
      asked.end();
    };
    tryNext(pool.forSocket());
  };
};

export const createProxy = (parts: ProxyParts): Proxy => {
  const agent = new Agent({ keepAlive: true });
  const ask = createAsk(agent);
  return {
    request: createRequest(parts.pool, ask),
    upgrade: createUpgrade(parts, ask),
    close: () => agent.destroy(),
  };
};
