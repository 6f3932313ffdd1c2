import type { Random } from '@presence/core';
import { createSeededRandom, createVirtualClock, type VirtualClock } from '@presence/core/testing';
import type { HttpAnswer } from '@presence/server';
import type { BorderListener, WireRequest } from './border.ts';
import { sendRequest, type HttpParts } from './http-wire.ts';
import { createJournal, type Journal } from './journal.ts';
import { createLine, type Line } from './network.ts';
import { startServer, type Sabotage, type ServerLife } from './server-process.ts';
import { openSocket, type ClientSocket, type Socket, type SocketListener } from './socket-wire.ts';
import { turn } from './turns.ts';

/** Everything that one seed decides: time, chance, the server, the ways to it. */
export interface World {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly journal: Journal;
  /** `null` between a death and the next start. */
  life(): ServerLife | null;
  /** Chance of its own for one part of the world, so that parts do not disturb each other. */
  chance(): Random;
  listen(listener: BorderListener): void;
  openLine(name: string): Line;
  cut(line: Line): void;
  heal(line: Line): void;
  request(line: Line, request: WireRequest, isReplay?: boolean): Promise<HttpAnswer>;
  socket(line: Line, toPage: (task: () => void) => void, listener: SocketListener): ClientSocket;
  /** The server's event loop stands still until {@link World.wakeServer}. */
  stallServer(): void;
  wakeServer(): void;
  killServer(): void;
  startServer(): void;
  /** How many requests and sockets the server has at this moment. */
  load(): { readonly sockets: number; readonly requests: number };
}

/** Sockets that the world knows, and what becomes of them with their lines and their server. */
const createSockets = (tell: (event: (listener: BorderListener) => void) => void) => {
  const sockets = new Set<Socket>();
  const living = (): Socket[] => {
    for (const socket of sockets) if (socket.isOver()) sockets.delete(socket);
    return [...sockets];
  };
  const on = (line: Line): Socket[] => living().filter((socket) => socket.line === line.name);
  return {
    add: (socket: Socket): void => void sockets.add(socket),
    count: (): number => living().length,
    silence: (line: Line): void => {
      for (const socket of on(line)) tell(({ silenced }) => silenced?.(socket));
    },
    voice: (line: Line): void => {
      for (const socket of on(line)) {
        if (!socket.isBroken()) tell(({ voiced }) => voiced?.(socket));
      }
    },
    resetAll: (): void => {
      for (const socket of living()) socket.reset();
      sockets.clear();
    },
  };
};

/** Machines count whole milliseconds, whatever delay they are asked for. */
const wholeClock = (): VirtualClock => {
  const clock = createVirtualClock({ flush: turn });
  return {
    ...clock,
    after: (delayMs, task) => clock.after(Math.ceil(delayMs), task),
    every: (periodMs, task) => clock.every(Math.ceil(periodMs), task),
  };
};

const tracing = (journal: Journal): BorderListener => ({
  answered: ({ request, answer }) =>
    journal.trace(`${request.method} ${request.path} ${answer.status} ${answer.body}`),
  frameOut: ({ id }, text) => journal.trace(`${id} ${text}`),
  frameIn: ({ id }, text) => journal.trace(`${id} ${text}`),
});

interface ServerParts extends Pick<World, 'clock' | 'chance' | 'journal'> {
  readonly sabotage: Sabotage;
  tell(event: (listener: BorderListener) => void): void;
}

/** The one server, which may stand still, die and start again with nothing. */
const createServer = (
  { clock, chance, journal, sabotage, tell }: ServerParts,
  onKilled: () => void,
): Pick<World, 'life' | 'stallServer' | 'wakeServer' | 'killServer' | 'startServer'> => {
  let epoch = 0;
  let stalledAt = 0;
  let life: ServerLife | null = null;
  return {
    life: () => life,
    startServer: () => {
      epoch += 1;
      life = startServer(clock, chance(), epoch, sabotage);
      journal.note(`server ${epoch} starts`);
      tell(({ started }) => started?.(epoch));
    },
    killServer: () => {
      life?.clock.kill();
      life = null;
      onKilled();
      journal.note('server killed');
    },
    stallServer: () => {
      if (life?.clock.state !== 'running') return;
      stalledAt = clock.now();
      life.clock.pause();
    },
    wakeServer: () => {
      if (life?.clock.state !== 'paused') return;
      life.clock.resume();
      tell(({ stalled }) => stalled?.(stalledAt, clock.now()));
    },
  };
};

/** Mostly near, sometimes as far as phones get. */
const anyLine = (name: string, clock: VirtualClock, random: Random): Line => {
  const latencyMs = Math.floor(1 + random.next() ** 3 * 400);
  return createLine(name, clock, random, { latencyMs, jitterMs: Math.ceil(latencyMs / 2) });
};

/** How often a write arrives once more. */
const TWICE = 0.02;

/** A proxy that got no answer in time tries again. */
const maybeTwice = (http: HttpParts, random: Random, line: Line, request: WireRequest): void => {
  if (request.method === 'GET' || random.next() >= TWICE) return;
  const lateMs = Math.floor(random.next() ** 2 * 30_000);
  http.clock.after(lateMs, () => void sendRequest(http, line, request, true).catch(() => 0));
};

export const createWorld = (seed: number, sabotage: Sabotage = {}): World => {
  const clock = wholeClock();
  const root = createSeededRandom(seed);
  const chance = (): Random => createSeededRandom(Math.floor(root.next() * 2 ** 32));
  const random = chance();
  const journal = createJournal(clock.now);
  const listeners: BorderListener[] = [tracing(journal)];
  const tell = (event: (listener: BorderListener) => void): void => listeners.forEach(event);
  const sockets = createSockets(tell);
  const underWay = new Set<() => void>();
  const server = createServer({ clock, chance, journal, sabotage, tell }, () => {
    sockets.resetAll();
    for (const onKilled of underWay) onKilled();
    underWay.clear();
  });
  const { life } = server;
  let socketIds = 0;

  const http: HttpParts = {
    clock,
    life,
    tell,
    underWay: (_, onKilled) => {
      underWay.add(onKilled);
      return () => void underWay.delete(onKilled);
    },
    changeAnswer: sabotage.answer ?? ((_, answer) => answer),
  };

  return {
    clock,
    random,
    journal,
    ...server,
    chance,
    listen: (listener) => void listeners.push(listener),
    openLine: (name) => anyLine(name, clock, chance()),
    cut: (line) => {
      line.cut();
      sockets.silence(line);
    },
    heal: (line) => {
      line.heal();
      sockets.voice(line);
    },
    request: (line, request, isReplay = false) => {
      if (!isReplay) maybeTwice(http, random, line, request);
      return sendRequest(http, line, request, isReplay);
    },
    socket: (line, toPage, listener) => {
      socketIds += 1;
      const opened = (socket: Socket): void => {
        sockets.add(socket);
        if (line.state === 'cut') sockets.silence(line);
      };
      const changeFrame = sabotage.frame ?? ((text: string) => text);
      const parts = { id: socketIds, line, life, tell, toPage, changeFrame, opened };
      return openSocket(parts, listener);
    },
    load: () => ({ sockets: sockets.count(), requests: underWay.size }),
  };
};
