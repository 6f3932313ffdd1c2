import type { ServerFrame } from '@presence/core/protocol';
import { WebSocket } from 'ws';
import type { Ending, History, UserEvent } from '../history/history.ts';
import { ask } from './ask.ts';
import { nameOf } from './names.ts';
import { createWatcher, type Watcher } from './watcher.ts';

/** A node as the load balancer in front of it sees it. */
export interface Target {
  readonly name: string;
  readonly port: number;
}

export interface PersonParts {
  readonly user: number;
  readonly history: History;
  /** Everybody, or some users by id. */
  readonly watches: 'tenant' | readonly number[];
  /** Where the next connection goes; `null`: no node is there. */
  target(user: number): Target | null;
}

/** A user with one session, who connects, watches, and comes back like the client of the packages. */
export interface Person {
  readonly user: number;
  /** Welcomed, and told of everybody watched. */
  readonly isJoined: boolean;
  /** Why the last link ended. */
  readonly lastClose: string;
  readonly sessionId: string | undefined;
  /** The node of the link. */
  readonly node: string | null;
  start(): void;
  /** For good. */
  leave(how: Ending): void;
  /** Was signed out elsewhere: gone from now on. Resolves when the socket is closed. */
  expelled(): Promise<void>;
  /** Does not come back when the link is lost. */
  giveUp(): void;
  stop(): void;
}

const BASE_MS = 500;
const CAP_MS = 30_000;
const WATCH = 1;
const WATCH_AGAIN_MS = 1000;
const HANDSHAKE_MS = 15_000;

/** Full jitter below a bound that doubles, as the client does. */
const delayAfter = (failures: number): number =>
  Math.random() * Math.min(CAP_MS, BASE_MS * 2 ** failures);

/** What one connection tells the person whom it is for. */
interface Link {
  readonly node: string;
  say(frame: object): void;
  close(): void;
  vanish(): void;
  fallSilent(): void;
}

interface Heard {
  opened(link: Link): void;
  frame(frame: ServerFrame, link: Link): void;
  ended(why: string): void;
}

const openLink = ({ name, port }: Target, heard: Heard): void => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/presence/socket`, {
    perMessageDeflate: false,
    skipUTF8Validation: true,
    handshakeTimeout: HANDSHAKE_MS,
  });
  const link: Link = {
    node: name,
    say: (frame) => socket.send(JSON.stringify(frame)),
    close: () => socket.close(1000),
    vanish: () => socket.terminate(),
    fallSilent: () => socket.pause(),
  };
  socket.on('open', () => heard.opened(link));
  socket.on('message', (content: Buffer) =>
    heard.frame(JSON.parse(content.toString()) as ServerFrame, link),
  );
  socket.on('error', () => undefined);
  socket.on('close', (code, reason) => heard.ended(`${code} ${reason.toString()}`));
};

/** What is remembered from one connection to the next. */
interface Memory {
  link: Link | null;
  sessionId: string | undefined;
  failures: number;
  /** Until when to stay away, as a node asked. */
  awayMs: number;
  comesBack: boolean;
  isOver: boolean;
  isJoined: boolean;
  lastClose: string;
  timer: NodeJS.Timeout | undefined;
  /** Told of the end of the link. */
  onEnd: () => void;
}

const watchOf = (watches: PersonParts['watches']): object =>
  watches === 'tenant' ? { tenant: true } : { add: watches.map(nameOf) };

/** Reads the frames of one connection. */
const createHearing = (parts: PersonParts, memory: Memory, ticket: string, { name }: Target) => {
  const { user, history, watches } = parts;
  const note = (event: UserEvent): void => void history.events[user]!.push(event);
  const watcher: Watcher = createWatcher(watches === 'tenant' ? history.users : 0, (from) => {
    const watching = { watcher: user, node: name, from, until: Infinity, told: [] };
    history.watchings.push(watching);
    return watching;
  });

  const watch = (link: Link): void =>
    link.say({ type: 'watch', id: 'w', ...watchOf(watches), ref: WATCH });

  const opened = (link: Link): void => {
    memory.link = link;
    note({ kind: 'opening', at: Date.now(), node: name });
    link.say({ type: 'hello', protocol: 1, ticket, sessionId: memory.sessionId });
    watch(link);
  };

  const frame = (frame: ServerFrame, link: Link): void => {
    const at = Date.now();
    if (frame.type === 'welcome') {
      memory.sessionId = frame.sessionId;
      note({ kind: 'welcomed', at, node: name });
    } else if (frame.type === 'ack') {
      memory.isJoined = true;
      memory.failures = 0;
    } else if (frame.type === 'error' && frame.ref === WATCH) {
      memory.lastClose = `a watch's ${frame.code}`;
      setTimeout(() => memory.link === link && watch(link), WATCH_AGAIN_MS);
    } else if (frame.type === 'snapshot' || frame.type === 'changes') {
      if (frame.room === undefined) watcher.take(frame, at);
    } else if (frame.type === 'reconnect') {
      memory.awayMs = frame.afterMs * Math.random();
      link.close();
    }
  };

  const ended = (how: Ending): void => {
    if (!memory.link) return;
    const at = Date.now();
    memory.link = null;
    memory.isJoined = false;
    if (watcher.watching) watcher.watching.until = at;
    note({ kind: 'ended', at, node: name, how });
  };

  return { opened, frame, ended };
};

export const createPerson = (parts: PersonParts): Person => {
  const { user, target } = parts;
  const memory: Memory = {
    link: null,
    sessionId: undefined,
    failures: 0,
    awayMs: 0,
    comesBack: true,
    isOver: false,
    isJoined: false,
    lastClose: '',
    timer: undefined,
    onEnd: () => undefined,
  };
  let end = (how: Ending): void => void how;

  const later = (ms: number): void => {
    if (!memory.isOver && memory.comesBack) memory.timer = setTimeout(() => void connect(), ms);
  };

  const failed = (why: string): void => {
    memory.lastClose = why;
    if (why.startsWith('4409')) memory.sessionId = undefined;
    const awayMs = memory.awayMs || delayAfter(memory.failures);
    memory.failures += memory.awayMs === 0 ? 1 : 0;
    memory.awayMs = 0;
    later(awayMs);
  };

  const connect = async (): Promise<void> => {
    const to = target(user);
    if (!to) return failed('no node');
    try {
      const { status, body } = await ask(to.port, nameOf(user), 'POST', '/ticket', {});
      if (status !== 200) return failed(`ticket ${status}`);
      if (memory.isOver) return;
      const hearing = createHearing(parts, memory, (body as { ticket: string }).ticket, to);
      end = hearing.ended;
      openLink(to, {
        ...hearing,
        ended: (why) => {
          hearing.ended('lost');
          memory.onEnd();
          if (!memory.isOver) failed(why);
        },
      });
    } catch (error) {
      failed(String(error));
    }
  };

  const stop = (): void => {
    memory.isOver = true;
    clearTimeout(memory.timer);
  };

  return {
    user,
    get isJoined() {
      return memory.isJoined;
    },
    get lastClose() {
      return memory.lastClose;
    },
    get sessionId() {
      return memory.sessionId;
    },
    get node() {
      return memory.link?.node ?? null;
    },
    start: () => later(0),
    expelled: () => {
      stop();
      end('signed-out');
      return new Promise((resolve) => {
        memory.onEnd = resolve;
      });
    },
    giveUp: () => {
      memory.comesBack = false;
    },
    leave: (how) => {
      const { link } = memory;
      stop();
      if (how === 'closed' || how === 'signed-out') link?.say({ type: 'bye', reason: how });
      if (how === 'silent') link?.fallSilent();
      end(how);
      if (how === 'lost') link?.vanish();
    },
    stop: () => {
      const { link } = memory;
      stop();
      link?.vanish();
    },
  };
};
