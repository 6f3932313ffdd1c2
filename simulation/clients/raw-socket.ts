import type { Clock } from '@presence/core';
import type {
  ChangesFrame,
  ClientFrame,
  ServerFrame,
  SnapshotFrame,
  TicketAnswer,
} from '@presence/core/protocol';
import type { Line } from '../world/network.ts';
import type { ClientSocket } from '../world/socket-wire.ts';
import type { World } from '../world/world.ts';
import { loginOf, type Person } from './person.ts';
import { createRawRooms, type RawRooms } from './raw-rooms.ts';
import { createRows, type Rows } from './rows.ts';

type WithoutRef<Frame> = Frame extends unknown ? Omit<Frame, 'ref'> : never;

/** A client of the realtime protocol, written down from the protocol and nothing else. */
export interface RawSocket {
  readonly kind: 'socket';
  readonly name: string;
  readonly person: Person;
  readonly line: Line;
  readonly sessionId: string | null;
  /** Since when the socket has been welcomed without a break; `null` while it is not. */
  readonly connectedAt: number | null;
  /** The number of its socket in the world. */
  readonly socketId: number | null;
  readonly watched: readonly string[] | 'tenant' | null;
  /** What it knows of whom it watches. */
  readonly rows: Rows;
  readonly rooms: RawRooms;
  start(): void;
  /** The socket closes without a goodbye, and comes back by itself unless `stays` away. */
  drop(stays: boolean): void;
  bye(reason: 'closed' | 'signed-out'): void;
  send(frame: WithoutRef<ClientFrame>): void;
  watch(userIds: readonly string[] | 'tenant'): void;
  unwatch(): void;
  setActive(active: boolean): void;
  /** Frames that it sent once: a network may not bring them again, but a stranger might. */
  readonly sent: readonly string[];
}

const KEPT = 40;
/** The client repeats that it is active so often. */
const REPEAT_MS = 150_000;

interface State {
  /** Counts starts and stops: what belongs to an earlier one is dropped. */
  life: number;
  socket: ClientSocket | null;
  sessionId: string | null;
  connectedAt: number | null;
  watched: readonly string[] | 'tenant' | null;
  idleFrom: number | null;
  ref: number;
  /** An attempt is under way. */
  isOpening: boolean;
}

const freshState = (): State => ({
  life: 0,
  socket: null,
  sessionId: null,
  connectedAt: null,
  watched: null,
  idleFrom: null,
  ref: 0,
  isOpening: false,
});

interface Wired {
  readonly world: World;
  readonly clock: Clock;
  readonly person: Person;
  readonly line: Line;
  readonly device: string;
  readonly state: State;
  readonly rows: Rows;
  readonly rooms: RawRooms;
  readonly sent: string[];
}

const sendText = ({ state, sent }: Pick<Wired, 'state' | 'sent'>, text: string): void => {
  sent.push(text);
  if (sent.length > KEPT) sent.shift();
  state.socket?.send(text);
};

const sendFrame = (wired: Pick<Wired, 'state' | 'sent'>, frame: WithoutRef<ClientFrame>): void => {
  const { state } = wired;
  if (state.connectedAt === null) return;
  state.ref += 1;
  sendText(wired, JSON.stringify({ ...frame, ref: state.ref }));
};

const sendWatch = (wired: Wired): void => {
  const { watched } = wired.state;
  if (watched === 'tenant') sendFrame(wired, { type: 'watch', id: 'w', tenant: true });
  else if (watched) sendFrame(wired, { type: 'watch', id: 'w', add: watched });
};

const sayHello = (wired: Wired, ticket: string): void => {
  const { sessionId, idleFrom } = wired.state;
  const hello = {
    type: 'hello',
    protocol: 1,
    ticket,
    device: wired.device,
    ...(sessionId !== null && { sessionId }),
    ...(idleFrom !== null && { idleMs: wired.clock.now() - idleFrom }),
  };
  sendText(wired, JSON.stringify(hello));
};

const read = (wired: Wired, text: string): void => {
  const { state, rows, rooms, clock } = wired;
  const frame = JSON.parse(text) as ServerFrame;
  if (frame.type === 'welcome') {
    state.sessionId = frame.sessionId;
    state.connectedAt = clock.now();
    rows.clear();
    sendWatch(wired);
    rooms.welcomed();
  } else if (frame.type === 'typing') rooms.take(frame);
  else if (frame.type === 'snapshot' || frame.type === 'changes') {
    if (frame.room === undefined) rows.take(frame satisfies SnapshotFrame | ChangesFrame);
    else rooms.take(frame);
  }
};

/** Connects, and comes back by itself until it is stopped. */
const createLinkKeeper = (wired: Wired) => {
  const { world, clock, person, line, state } = wired;
  const chance = world.chance();

  const stop = (): void => {
    state.life += 1;
    state.socket?.close();
    state.socket = null;
    state.connectedAt = null;
    state.isOpening = false;
  };
  const again = (own: number, atLeastMs = 500): void => {
    state.socket = null;
    state.connectedAt = null;
    state.isOpening = false;
    clock.after(atLeastMs + Math.floor(chance.next() * 3000), () => {
      if (own === state.life) void connect(own);
    });
  };
  const closed = (own: number, code: number): void => {
    if (own !== state.life) return;
    if (code === 4409) state.sessionId = null;
    // Blocked: a person would have to act first.
    if (code === 4403) return stop();
    again(own, code === 4429 ? 20_000 : 500);
  };
  const connect = async (own: number): Promise<void> => {
    if (state.isOpening) return;
    state.isOpening = true;
    const request = { method: 'POST', path: '/ticket', login: loginOf(person) } as const;
    const answer = await world.request(line, request).catch(() => null);
    if (own !== state.life) return;
    if (answer?.status === 403 || answer?.status === 401) return stop();
    if (answer?.status !== 200) return again(own, 2000);
    const { ticket } = JSON.parse(answer.body ?? '') as TicketAnswer;
    const isCurrent = (): boolean => own === state.life;
    state.socket = world.socket(line, (task) => task(), {
      open: () => (isCurrent() ? sayHello(wired, ticket) : undefined),
      message: (text) => (isCurrent() ? read(wired, text) : undefined),
      closed: (code) => closed(own, code),
    });
  };
  return { stop, again, connect };
};

const commandsOf = (
  wired: Wired,
): Pick<RawSocket, 'start' | 'drop' | 'bye' | 'send' | 'watch' | 'unwatch' | 'setActive'> => {
  const { state, rows, clock } = wired;
  const { stop, again, connect } = createLinkKeeper(wired);
  const send = (frame: WithoutRef<ClientFrame>): void => sendFrame(wired, frame);
  return {
    start: () => {
      if (state.socket || state.isOpening) return;
      state.life += 1;
      void connect(state.life);
    },
    drop: (stays) => {
      stop();
      if (!stays) again(state.life);
    },
    bye: (reason) => {
      send({ type: 'bye', reason });
      if (reason === 'signed-out') state.sessionId = null;
      stop();
    },
    send,
    watch: (watched) => {
      if (state.watched) send({ type: 'unwatch', id: 'w' });
      state.watched = watched;
      rows.clear();
      sendWatch(wired);
    },
    unwatch: () => {
      state.watched = null;
      send({ type: 'unwatch', id: 'w' });
      rows.clear();
    },
    setActive: (active) => {
      state.idleFrom = active ? null : (state.idleFrom ?? clock.now());
      send({ type: 'activity', state: active ? 'active' : 'idle' });
    },
  };
};

export const createRawSocket = (
  world: World,
  clock: Clock,
  person: Person,
  line: Line,
  device: string,
): RawSocket => {
  const state = freshState();
  const rows = createRows(clock.now);
  const sent: string[] = [];
  const rooms = createRawRooms((frame) => sendFrame({ state, sent }, frame), clock.now);
  const wired: Wired = { world, clock, person, line, device, state, rows, rooms, sent };
  clock.every(REPEAT_MS, () => {
    if (state.idleFrom === null) sendFrame(wired, { type: 'activity', state: 'active' });
  });

  return {
    kind: 'socket',
    name: `socket:${device}`,
    person,
    line,
    get sessionId() {
      return state.sessionId;
    },
    get connectedAt() {
      return state.connectedAt;
    },
    get socketId() {
      return state.socket?.id ?? null;
    },
    get watched() {
      return state.watched;
    },
    rows,
    rooms,
    ...commandsOf(wired),
    sent,
  };
};
