import { Buffer } from 'node:buffer';
import type { Server } from 'node:http';
import type { Cancel } from '@presence/core';
import { LIMITS } from '@presence/core/protocol';
import type { Node } from '../context.ts';
import type { AttachOptions } from '../types.ts';
import { createActivity } from './activity.ts';
import { createAttention, GO_MS, OPENING_MS } from './attention.ts';
import { createDispatch } from './dispatch.ts';
import { CLOSE, createEnding, errorOf, type Ending } from './ending.ts';
import { createHubs, type Hubs } from './hubs.ts';
import { begin } from './keep-alive.ts';
import type { Held } from './held.ts';
import { createLeaving, type Leaving } from './leaving.ts';
import type { Link } from './link.ts';
import { createLinks } from './links.ts';
import { createLiveTime, type LiveTime } from './live-time.ts';
import { createOpening, type Opened } from './opening.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createOwnFrames } from './own-frames.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { Connection, ConnectionEvents, HeldSessions } from './types.ts';
import { createUpgrades } from './upgrades.ts';
import { watchesOf } from './watch-list.ts';

/** Figures of one node's realtime side; all but `stalledMs` are zero when nobody is there. */
export interface GatewayStats {
  readonly connections: number;
  readonly sessions: number;
  /** Sessions whose link is gone and whose grace runs. */
  readonly leaving: number;
  readonly timers: number;
  readonly tenants: number;
  /** Watched users whose state this node keeps. */
  readonly entries: number;
  /** Distinct sets of users that are watched. */
  readonly audiences: number;
  readonly tenantWatches: number;
  /** Of either kind. */
  readonly watches: number;
  /** For how long this process stood still since it started. */
  readonly stalledMs: number;
}

/** The realtime side of one node: sockets, the sessions they carry, and who is told of what. */
export interface Gateway {
  /** Takes upgrades of its own path; all others are left to the application, or refused where it has none. */
  attach(server: Server, options?: AttachOptions): Cancel;
  readonly held: HeldSessions;
  /** Takes a connection of any kind: the WebSocket side and tests call it. */
  accept(connection: Connection): ConnectionEvents;
  /** Asks every client to come back later, and closes them one by one; resolves when none is left. */
  drain(): Promise<void>;
  close(): Promise<void>;
  stats(): GatewayStats;
}

/** Clients of a node that stops come back spread over so long. */
const COME_BACK_MS = 5000;

const TOO_LARGE = `A frame may have at most ${LIMITS.bodyBytes} bytes. Split a long watch.`;

const DEFAULT_PATH = '/presence/socket';

const IGNORED: ConnectionEvents = Object.freeze({
  message: () => undefined,
  binary: () => undefined,
  ping: () => undefined,
  pong: () => undefined,
  closed: () => undefined,
});

const createKeep =
  (sessions: Sessions, start: (link: Link, held: Held) => void) =>
  (link: Link, opened: Opened): void => {
    // Otherwise the client went while the store was asked.
    if (link.phase === 'opening') start(link, opened.held);
    else opened.held.link = null;
    sessions.keep(opened);
  };

/** Who stays and who goes: each of the two asks the other. */
const createStaying = (parts: {
  readonly node: Node;
  readonly time: LiveTime;
  readonly hubs: Hubs;
  readonly outbox: Outbox;
  readonly ending: Ending;
}): { readonly sessions: Sessions; readonly leaving: Leaving } => {
  const { node, time, hubs } = parts;
  const sessions = createSessions({ ...parts, hubs: hubs.all, leaving: () => leaving });
  const leaving: Leaving = createLeaving({
    node,
    time,
    isHeld: sessions.has,
    onLeft: sessions.drop,
  });
  return { sessions, leaving };
};

/** Puts the parts together; several of them need each other. */
const createParts = (node: Node) => {
  const { clock, logger, random } = node.options;
  const time = createLiveTime(clock);
  const hubs: Hubs = createHubs({
    node,
    time,
    outbox: () => outbox,
    onHeld: (hub, change) => sessions.onChange(hub, change),
  });
  const outbox = createOutbox({
    time,
    tally: node.tally,
    latest: (link, entries) => link.held?.hub.latest(link, entries) ?? null,
    resend: (link) => link.held?.hub.watching.resend(link),
    tooSlow: (link) => ending.fail(link, errorOf('too_slow')),
    onSlow: (link) => links.wheel.set(link, outbox.tooSlowAt(link)),
  });
  const detach = (link: Link): void => {
    link.phase = 'closed';
    const { held } = link;
    for (const watch of watchesOf(link)) held?.hub.watching.end(watch);
    link.held = null;
    link.slow = null;
    if (held) sessions.unlinked(held);
    links.forget(link);
  };
  const ending = createEnding({ logger, tally: node.tally, outbox, detach });
  const { sessions, leaving } = createStaying({ node, time, hubs, outbox, ending });
  const activity = createActivity(node, time);
  const own = createOwnFrames({ node, sessions, leaving, ending });
  const opening = createOpening({
    node,
    time,
    outbox,
    hubOf: hubs.of,
    onUncertain: leaving.unlessHeld,
  });
  const keep = createKeep(sessions, (link, held) => {
    begin(link, held, time.now(), random);
    links.wheel.set(link, time.now());
  });
  const act = createDispatch({
    node,
    outbox,
    ending,
    activity,
    own,
    open: (link, hello) => {
      links.wheel.set(link, time.now() + OPENING_MS);
      return opening.open(link, hello, (opened) => keep(link, opened));
    },
  });
  const attend = createAttention({ node, time, outbox, ending, activity });
  const links = createLinks({ node, time, outbox, ending, attend, act });
  return { time, hubs, outbox, detach, ending, sessions, leaving, links };
};

/** @param node its lease may come into being later than this */
export const createGateway = (node: Node): Gateway => {
  const { random } = node.options;
  const { time, hubs, outbox, detach, ending, sessions, leaving, links } = createParts(node);
  const upgrades = createUpgrades({ node, links, onClosed: (link) => gone(link) });

  const gone = (link: Link): void => {
    if (link.phase !== 'closed') detach(link);
  };

  /** One by one: thousands who come back in the same moment would be a storm for the other nodes. */
  const askToLeave = (link: Link): void => {
    if (!link.held) return ending.close(link, CLOSE.restart, 'draining');
    const afterMs = Math.floor(random.next() * COME_BACK_MS);
    link.phase = 'closing';
    link.closeBy = time.now() + afterMs + GO_MS;
    outbox.tell(link, { type: 'reconnect', afterMs });
    links.wheel.set(link, link.closeBy);
  };

  return {
    attach: (server, { path = DEFAULT_PATH } = {}) => upgrades.attach(server, path),
    held: sessions.held,
    accept: (connection) => {
      const link = links.accept(connection);
      if (link === null) {
        connection.close(CLOSE.restart, 'draining');
        return IGNORED;
      }
      return {
        message: (content) => {
          if (Buffer.byteLength(content) <= LIMITS.bodyBytes) return links.message(link, content);
          ending.fail(link, errorOf('payload_too_large', TOO_LARGE));
        },
        binary: () => links.binary(link),
        ping: (payload) => links.ping(link, payload),
        pong: (marker) => links.pong(link, marker),
        closed: () => gone(link),
      };
    },
    drain: async () => {
      leaving.stop();
      for (const link of links.all()) askToLeave(link);
      await links.empty();
    },
    close: async () => {
      for (const link of links.all()) ending.close(link, CLOSE.restart, 'restart');
      upgrades.close();
      leaving.stop();
      links.stop();
      hubs.close();
      time.stop();
    },
    stats: () => ({
      connections: links.size,
      sessions: sessions.held.size,
      leaving: leaving.size,
      timers: links.wheel.size,
      stalledMs: time.stalledMs(),
      ...hubs.stats(),
    }),
  };
};
