// What the players change and what they are told of it. A change carries the time at which it was sent, so the
// process that plays both ends knows how long each took.
import { openWire, contentOf, type Wire } from '../heartbeat/load.ts';
import { each } from '../joining.ts';
import { openRaw, type Heard, type RawSocket } from '../storm/raw-socket.ts';

export type Side = 'presence' | 'bare' | 'socket.io';

export interface Crowd {
  readonly side: Side;
  /** One port for each node. */
  readonly ports: readonly number[];
  readonly users: number;
  readonly watchers: number;
  readonly watchedByEach: number;
  /** Only the first so many are watched. Default: all. */
  readonly watchable?: number;
}

/** Users, each on the node `number % nodes`, and watchers of users of the next node. */
export interface Players {
  /** Changes one user's status. */
  change(user: number): void;
  /** Milliseconds that each row took to a watcher, since this was asked last. */
  taken(): number[];
  /** Frames and bytes that watchers got in all. */
  traffic(): { readonly frames: number; readonly bytes: number };
}

const PATHS: Record<Side, string> = {
  presence: '/presence/socket',
  bare: '/',
  'socket.io': '/socket.io/?EIO=4&transport=websocket',
};

const userId = (user: number): string => `user-${user}`;

const says = (side: Side, name: string, content: object): string =>
  side === 'socket.io'
    ? `42${JSON.stringify([name, content])}`
    : JSON.stringify({ type: name, ...content });

const MARK = Buffer.from('"message":"t');
const PING = 0x32;
const CONNECTED = 0x34;

/** Calls back with the time at which each change in these bytes was sent. */
const eachSent = (
  bytes: Uint8Array,
  start: number,
  end: number,
  found: (sentAt: number) => void,
): void => {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  for (let at = frame.indexOf(MARK); at >= 0; at = frame.indexOf(MARK, at + 1)) {
    const from = at + MARK.length;
    found(Number(frame.toString('latin1', from, frame.indexOf(0x22, from))));
  }
};

const join = async (
  { side, ports }: Crowd,
  name: string,
  node: number,
  frame: (bytes: Uint8Array, start: number, end: number) => void,
  wires: readonly Wire[],
): Promise<RawSocket> => {
  let isWelcome: () => void = () => undefined;
  const welcome = new Promise<void>((resolve) => (isWelcome = resolve));
  const heard: Heard = {
    frame: (bytes, start, end) => {
      if (side === 'socket.io' && end - start === 1 && bytes[start] === PING) socket.send('3');
      else frame(bytes, start, end);
      // Socket.IO says `0{…}` first, which is not the answer to what was sent.
      if (side === 'presence' || bytes[start] === CONNECTED) isWelcome();
    },
    closed: (why) => {
      throw new Error(`${name} was closed: ${why}`);
    },
  };
  const socket: RawSocket = await openRaw(ports[node] as number, PATHS[side], heard);
  if (side === 'bare') return socket;
  if (side === 'socket.io') {
    socket.send(`40${JSON.stringify({ userId: name })}`);
  } else {
    const { ticket } = contentOf(await (wires[node] as Wire).post('/presence/ticket', name, '{}'));
    socket.send(JSON.stringify({ type: 'hello', protocol: 1, ticket: String(ticket) }));
  }
  await welcome;
  return socket;
};

const watchedBy = (crowd: Crowd, watcher: number): string[] => {
  const { users, watchedByEach, ports, watchable = users } = crowd;
  const nodes = ports.length;
  const perNode = Math.floor(watchable / nodes);
  const node = (watcher + 1) % nodes;
  return Array.from({ length: watchedByEach }, (_, step) =>
    userId(((watcher * watchedByEach + step) % perNode) * nodes + node),
  );
};

export const play = async (crowd: Crowd): Promise<Players> => {
  const { side, ports, users, watchers } = crowd;
  const changers: RawSocket[] = [];
  const sockets: RawSocket[] = [];
  let taken: number[] = [];
  const wires = side === 'presence' ? await Promise.all(ports.map((port) => openWire(port))) : [];
  const note = (bytes: Uint8Array, start: number, end: number): void => {
    const now = performance.now();
    eachSent(bytes, start, end, (sentAt) => taken.push(now - sentAt));
  };
  // One at a time for each node: a wire carries one request.
  await each(0, users, 1, async (user) => {
    changers[user] = await join(crowd, userId(user), user % ports.length, () => undefined, wires);
  });
  await each(0, watchers, 1, async (watcher) => {
    const name = `watcher-${watcher}`;
    const socket = await join(crowd, name, watcher % ports.length, note, wires);
    sockets[watcher] = socket;
    socket.send(says(side, 'watch', { id: 'w', add: watchedBy(crowd, watcher) }));
  });
  let turn = 0;
  return {
    change: (user) => {
      turn += 1;
      const status = turn % 2 === 0 ? 'busy' : 'dnd';
      const message = `t${performance.now().toFixed(3)}`;
      // By hand there is no session that says who it is.
      const who = side === 'bare' ? { userId: userId(user) } : {};
      changers[user]?.send(says(side, 'status', { ...who, status, message }));
    },
    taken: () => {
      const all = taken;
      taken = [];
      return all;
    },
    traffic: () => ({
      frames: sockets.reduce((sum, { frames }) => sum + frames, 0),
      bytes: sockets.reduce((sum, { bytes }) => sum + bytes, 0),
    }),
  };
};
