import { http, HttpResponse, ws, type RequestHandler, type WebSocketHandler } from 'msw';
import { systemClock } from '../system-clock.ts';
import { createScriptedServer, type ScriptedServer } from './scripted-server.ts';
import type { Network } from './virtual-network.ts';

export interface PresenceMockOptions {
  /** Where presence is mounted, as the client is told: `/presence`, or a whole URL. Default `/presence`. */
  readonly url?: string;
  /** Who is signed in on the page under test. Default `me`. */
  readonly userId?: string;
  /** Who has which presence from the start. Everybody else is offline and was never seen. */
  readonly users?: Readonly<Record<string, Parameters<ScriptedServer['set']>[1]>>;
  /** Who is in which room from the start; whoever has no presence is online. */
  readonly rooms?: Readonly<Record<string, readonly string[]>>;
  /** Parts of the policy that clients are told. Default: the default policy. */
  readonly policy?: Parameters<typeof createScriptedServer>[0]['policy'];
  /** Default: the platform's time, which fake timers may stand for. */
  readonly clock?: Parameters<typeof createScriptedServer>[0]['clock'];
}

/** A presence server inside of a test: what it is told, clients are told. */
export interface PresenceMock extends ScriptedServer {
  /** For `setupServer` or `setupWorker` of msw. */
  readonly handlers: readonly (RequestHandler | WebSocketHandler)[];
}

/** A link that broke: nobody can say so. */
const BROKEN = 1006;

const socketHandler = (pattern: string, network: Network): WebSocketHandler =>
  ws.link(pattern).addEventListener('connection', ({ client }) => {
    const link = network.transport.connect(String(client.url), {
      open: () => undefined,
      message: (text) => client.send(text),
      closed: (code, reason) => (code === BROKEN ? client.close() : client.close(code, reason)),
    });
    client.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') link.send(data);
    });
    client.addEventListener('close', ({ code }) => link.close(code));
  });

const routesHandler = (pattern: string, network: Network): RequestHandler =>
  http.all(pattern, async ({ request }) => {
    const { url, method } = request;
    const said = await request.text();
    const answer = await network.fetch(url, { method, ...(said !== '' && { body: said }) });
    const { status } = answer;
    const text = await answer.text();
    const headers = new Headers(answer.headers);
    if (text !== '') headers.set('content-type', 'application/json');
    return new HttpResponse(text === '' ? null : text, { status, headers });
  });

/**
 * A presence server for tests of an application, as request handlers of msw 2.6 or later: tickets, sockets, heartbeats,
 * watches, an own status, rooms and typing, leave. It says of other users what the test tells it.
 */
export const mockPresence = (options: PresenceMockOptions = {}): PresenceMock => {
  const {
    url = '/presence',
    userId = 'me',
    users = {},
    rooms = {},
    policy = {},
    clock = systemClock,
  } = options;
  const isWhole = url.includes('://');
  // On whatever host, where none is named.
  const root = `${isWhole ? '' : '*'}${url.replace(/\/$/, '')}`;
  const mount = isWhole ? new URL(root).pathname : root.slice(1);
  const server = createScriptedServer({ clock, policy, mount });
  for (const [id, presence] of Object.entries(users)) server.set(id, presence);
  for (const [room, members] of Object.entries(rooms)) {
    for (const member of members) server.joinRoom(member, room);
  }
  const network = server.network(userId);
  return {
    ...server,
    handlers: [
      socketHandler(`${root.replace(/^http/, 'ws')}/socket`, network),
      routesHandler(`${root}/*`, network),
    ],
  };
};
