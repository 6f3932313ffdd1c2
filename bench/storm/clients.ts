// All clients of a storm in one process: a ticket by HTTP on kept connections, the handshake, then what a client says.
import { openWire, contentOf, type Wire } from '../heartbeat/load.ts';
import { createAgreement } from './agreement.ts';
import { openRaw, type Heard, type RawSocket } from './raw-socket.ts';

export interface Storm {
  /** The number of the first user. */
  readonly first: number;
  readonly users: number;
  /** How many others each watches by id; 0: everybody. */
  readonly watched: number;
  /** Whether they sign out once all agree. */
  readonly leaves: boolean;
}

export interface Stormed {
  readonly connectedMs: number;
  readonly agreedMs: number;
  readonly frames: number;
  readonly bytes: number;
  readonly rows: number;
}

/** What the clients meet. */
export type Side = 'presence' | 'bare' | 'socket.io' | 'socket.io at once';

const isSocketIO = (side: Side): boolean => side.startsWith('socket.io');

/** Handshakes under way at once; whoever is connected is waited for no more. */
const AT_ONCE = 128;

/** The users that follow in the circle, and never oneself. */
const watchedBy = ({ first, users, watched }: Storm, index: number): readonly string[] =>
  Array.from({ length: watched }, (_, step) => `user-${first + ((index + 1 + step * 7) % users)}`);

const watchOf = (storm: Storm, index: number): object =>
  storm.watched === 0 ? { tenant: true } : { add: watchedBy(storm, index) };

/** What a client says once it is connected. */
const firstWords = (storm: Storm, index: number, ticket: string): readonly string[] => [
  JSON.stringify({ type: 'hello', protocol: 1, ticket }),
  JSON.stringify({ type: 'watch', id: 'w', ...watchOf(storm, index), ref: 1 }),
];

const GOODBYE = JSON.stringify({ type: 'bye', reason: 'signed-out' });

const PATHS: Record<Side, string> = {
  presence: '/presence/socket',
  bare: '/presence/socket',
  'socket.io': '/socket.io/?EIO=4&transport=websocket',
  'socket.io at once': '/socket.io/?EIO=4&transport=websocket',
};

const join = async (
  side: Side,
  storm: Storm,
  port: number,
  index: number,
  wire: Wire,
  heard: Heard,
): Promise<RawSocket> => {
  const userId = `user-${storm.first + index}`;
  if (isSocketIO(side)) {
    const socket = await openRaw(port, PATHS[side], heard);
    socket.send(`40${JSON.stringify({ userId })}`);
    return socket;
  }
  const { ticket } = contentOf(await wire.post('/presence/ticket', userId, '{}'));
  const socket = await openRaw(port, PATHS[side], heard);
  for (const text of firstWords(storm, index, String(ticket))) socket.send(text);
  return socket;
};

const PING = 0x32;

/** Resolves when it is settled, as a promise does; rejects when somebody was closed. */
const createOutcome = () => {
  let resolve = (): void => undefined;
  let reject = (error: Error): void => void error;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Looked at after everybody is connected.
  promise.catch(() => undefined);
  return { promise, resolve: () => resolve(), reject: (error: Error) => reject(error) };
};

/** What becomes of the frames of each client, and when all of them agree. */
const createAudience = (
  side: Side,
  { first, users, watched }: Storm,
  sockets: readonly RawSocket[],
) => {
  const { promise, resolve, reject } = createOutcome();
  const wanted = watched === 0 || isSocketIO(side) ? users : watched;
  const agreement = createAgreement(first, users, wanted, resolve);
  let told = 0;
  const read = (index: number, bytes: Uint8Array, start: number, end: number): void => {
    if (side === 'presence') agreement.read(index, bytes, start, end);
    else if (side === 'bare') {
      told += 1;
      if (told === users) resolve();
    } else if (end - start === 1 && bytes[start] === PING) sockets[index]?.send('3');
    else agreement.read(index, bytes, start, end);
  };
  const heardBy = (index: number): Heard => ({
    frame: (bytes, start, end) => read(index, bytes, start, end),
    closed: (why) => reject(new Error(`user-${index} was closed: ${why}`)),
  });
  return { heardBy, agreed: promise, agreement };
};

/** Resolves when every client was last told that everybody whom it watches is online. */
export const runStorm = async (side: Side, storm: Storm, port: number): Promise<Stormed> => {
  const { users } = storm;
  const sockets: RawSocket[] = [];
  const { heardBy, agreed, agreement } = createAudience(side, storm, sockets);
  const startedAt = performance.now();
  let next = 0;
  const player = async (): Promise<void> => {
    const wire = await openWire(port);
    while (next < users) {
      const index = next;
      next += 1;
      sockets[index] = await join(side, storm, port, index, wire, heardBy(index));
    }
    wire.close();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, player));
  const connectedMs = performance.now() - startedAt;
  await agreed;
  const agreedMs = performance.now() - startedAt;
  if (storm.leaves && side === 'presence') for (const socket of sockets) socket.send(GOODBYE);
  const sum = (of: (socket: RawSocket) => number): number =>
    sockets.reduce((total, socket) => total + of(socket), 0);
  return {
    connectedMs,
    agreedMs,
    frames: sum(({ frames }) => frames),
    bytes: sum(({ bytes }) => bytes),
    rows: agreement.rows,
  };
};
